import type { VoxelGrid } from '@myelon/diffusion';
import type { OutboxItem } from '@myelon/pipeline';
import { emptyReading, type ReadingState } from '../../reading/reading-state';
import { mjoaFromItems, mjoaFromTotal } from '@myelon/prognosis';
import { WORDS } from '../../words/en';
import { exampleRecord } from './example-record';
import { EXAMPLE_DTI, EXAMPLE_IVIM } from './example-series';
import { EXAMPLE_LEVELS, EXAMPLE_SHAPE } from './example-shape';

/** The panel shows counts and words of an outline, never its voxels. */
const ONE_VOXEL: VoxelGrid = { columns: 1, rows: 1, slices: 1, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };

const empty = emptyReading('1.2.3');

const dataRead: ReadingState = {
  ...empty,
  data: {
    ...empty.data,
    state: { kind: 'done' },
    series: [EXAMPLE_DTI, EXAMPLE_IVIM],
    tensorSeriesUID: EXAMPLE_DTI.key,
    ivimSeriesUID: EXAMPLE_IVIM.key,
  },
  cord: { ...empty.cord, state: { kind: 'ready' } },
  report: { ...empty.report, target: { name: 'Archive of this site', url: '/dicom-web/site' } },
  currentSlice: 7,
};

const outlined: ReadingState = {
  ...dataRead,
  cord: {
    ...dataRead.cord,
    state: { kind: 'needs-look', what: WORDS.cord.toCheck(9, 'edge seen on 61 % of the contour') },
    outline: {
      mask: {
        grid: ONE_VOXEL,
        labels: new Uint8Array([1]),
        method: 'automatic',
      },
      contours: [],
      centreline: [],
      areasMm2: [],
      planes: ONE_VOXEL,
      slicesToCheck: [{ slice: 8, why: 'edge seen on 61 % of the contour' }],
    },
    voxelsPerSlice: Array.from({ length: 15 }, () => 62),
    morphometry: EXAMPLE_SHAPE,
  },
  maps: { ...dataRead.maps, state: { kind: 'ready' } },
};

const fitted: ReadingState = {
  ...outlined,
  cord: { ...outlined.cord, state: { kind: 'done' }, acceptedSlices: [8] },
  maps: {
    ...outlined.maps,
    state: { kind: 'done' },
    available: ['fa', 'md', 'ad', 'rd', 'ivim_d', 'ivim_dstar', 'ivim_f', 'adc'],
    shown: 'fa',
    method: 'WLS, 2 iterations; IVIM segmented; 1.2 s',
    preparation: { denoise: 'auto', motion: 'on' },
    fittedPreparation: { motion: 'on' },
    probe: { quantity: 'fa', value: 0.584 },
  },
  metrics: {
    ...outlined.metrics,
    state: { kind: 'done' },
    record: exampleRecord({ ivim: true, compression: false }),
    narrowestSlice: 8,
  },
  open: { data: false, cord: false, maps: true, metrics: true, prognosis: false, report: false },
};

const marked: ReadingState = {
  ...fitted,
  metrics: {
    ...fitted.metrics,
    record: exampleRecord({ ivim: true, compression: true }),
    compressionSlices: [8, 9],
    selectedRegionId: 'compression',
  },
  report: { ...fitted.report, state: { kind: 'ready' } },
  open: { data: false, cord: false, maps: false, metrics: true, prognosis: true, report: false },
};

const confirmed: ReadingState = {
  ...marked,
  confirmations: { outline: true, level: true, quality: true },
  open: { data: false, cord: false, maps: false, metrics: false, prognosis: true, report: true },
};

/** With the site's rate and mJOA of both dates entered. */
const scored: ReadingState = {
  ...confirmed,
  siteSuccessRate: { operated: 80, recovered: 52 },
  clinical: {
    ...confirmed.clinical,
    pre: {
      score: mjoaFromItems('mjoa-18', {
        'motor-upper': 3,
        'motor-lower': 4,
        'sensation-upper': 2,
        sphincter: 2,
      }),
      date: '2025-11-03',
    },
    post: { score: mjoaFromTotal('mjoa-18', 15), date: null },
    predictors: { age: 61, smoking: 0 },
  },
};

function kept(position: number, description: string, state: OutboxItem['state']): OutboxItem {
  return {
    sopInstanceUID: `2.25.${String(position)}`,
    seriesInstanceUID: '2.25.10',
    studyInstanceUID: '1.2.3',
    sopClassUID: '1.2',
    description,
    target: { name: 'Archive of this site', url: '/dicom-web/site' },
    group: '2.25.9',
    position,
    queuedAt: '2026-01-05T10:20:58Z',
    attempts: 1,
    state,
  };
}

const queued = { recordId: 'example', group: '2.25.9' };

/** Levels named, a stroke just drawn that made the outline leak, and an outline stored before. */
const edited: ReadingState = {
  ...fitted,
  cord: {
    ...fitted.cord,
    edited: true,
    editedSlices: [5],
    findings: [{ slice: 5, kind: 'leaks', why: 'area 121 mm², 54 % above its neighbours' }],
    tool: 'threshold',
    threshold: { cord: 410, surroundings: 930, range: [150, 670] },
    levels: {
      known: [{ name: 'C5/6', at: { slice: 8 } }],
      record: EXAMPLE_LEVELS,
      picking: null,
      refused: { what: 'C6/7 is put above C5/6', whatToDo: 'check the discs: each once, from the top down' },
    },
    stored: [
      {
        studyInstanceUID: '1.2.3',
        seriesInstanceUID: '1.2.3.9',
        sopInstanceUID: '1.2.3.9.1',
        modality: 'SEG',
        description: 'Spinal cord',
        madeAt: '2026-01-05T10:21:00',
      },
    ],
  },
  open: { data: false, cord: true, maps: false, metrics: false, prognosis: false, report: false },
};

export const EXAMPLE_STATES: Readonly<Record<string, ReadingState>> = {
  'no diffusion': {
    ...empty,
    data: {
      ...empty.data,
      state: { kind: 'failed', problem: { what: WORDS.data.noSeries, whatToDo: WORDS.data.noSeriesDo } },
    },
  },
  'reading headers': {
    ...empty,
    data: {
      ...empty.data,
      state: { kind: 'working', progress: { label: WORDS.data.reading(2), fraction: 0.5, startedAt: 0 } },
    },
  },
  'data read': dataRead,
  'ivim missing': {
    ...dataRead,
    data: {
      ...dataRead.data,
      series: [EXAMPLE_DTI],
      ivimSeriesUID: null,
      state: { kind: 'needs-look', what: WORDS.data.missingIvim },
    },
  },
  'outline to check': outlined,
  fitting: {
    ...outlined,
    maps: {
      ...outlined.maps,
      state: {
        kind: 'working',
        progress: { label: WORDS.maps.fitting, fraction: 0.4, startedAt: Date.now() - 2000 },
      },
    },
    open: { ...outlined.open, maps: true },
  },
  fitted,
  'outline edited': edited,
  'compression marked': marked,
  statement: confirmed,
  'statement with score': scored,
  'metrics without ivim': {
    ...marked,
    metrics: {
      ...marked.metrics,
      record: exampleRecord({ ivim: false, compression: true, withheld: 'f is missing' }),
    },
    confirmations: confirmed.confirmations,
  },
  saved: {
    ...confirmed,
    report: {
      ...confirmed.report,
      state: { kind: 'done' },
      queued,
      savedRecordId: 'example',
      kept: [
        kept(0, 'Myelon cord outline', { kind: 'sent', at: '2026-01-05T10:21:00Z' }),
        kept(1, 'Myelon cord diffusion report', { kind: 'sent', at: '2026-01-05T10:21:01Z' }),
      ],
    },
  },
  waiting: {
    ...confirmed,
    report: {
      ...confirmed.report,
      state: { kind: 'needs-look', what: WORDS.report.waiting('Archive of this site', 'sign-in is needed') },
      queued,
      room: { free: 3e6, needed: 9e6 },
      kept: [
        kept(0, 'Myelon cord outline', { kind: 'sent', at: '2026-01-05T10:21:00Z' }),
        kept(1, 'Myelon FA map', {
          kind: 'queued',
          notBefore: '2026-01-05T10:22:00Z',
          problem: 'sign-in is needed or has expired (HTTP 401)',
          signIn: true,
        }),
        kept(2, 'Myelon cord diffusion report', { kind: 'queued', notBefore: null, problem: null }),
      ],
    },
  },
  refused: {
    ...confirmed,
    report: {
      ...confirmed.report,
      state: {
        kind: 'failed',
        problem: { what: 'The archive did not take the report.', whatToDo: WORDS.report.kept },
      },
      queued,
      kept: [
        kept(0, 'Myelon cord outline', {
          kind: 'refused',
          at: '2026-01-05T10:21:00Z',
          why: 'this account may not do that (HTTP 403)',
          whatToDo: 'ask whoever runs the archive for permission to store',
        }),
        kept(1, 'Myelon cord diffusion report', { kind: 'queued', notBefore: null, problem: null }),
      ],
    },
  },
};
