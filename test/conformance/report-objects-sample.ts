import {
  COMPREHENSIVE_3D_SR,
  SEGMENTATION_STORAGE,
  newUID,
  parsePart10,
  readDiffusionSeries,
  studyContextFrom,
  writeEncapsulatedPdf,
  writeKeyObject,
  VERTEBRA_CODES,
  writeMeasurementReport,
  writeMjoaReport,
  writeParametricMap,
  writeSegmentation,
  type DeviceIdentity,
  type DicomJsonDataset,
  type MeasurementReportContent,
  type ModelUse,
  type ReferencedVolume,
  type Segment,
} from '@myelon/dicom';
import {
  GradientTable,
  InputRefused,
  QUANTITIES,
  VoxelStatus,
  voxelCount,
  voxelToPatient,
  type ScalarMap,
  type VoxelGrid,
} from '@myelon/diffusion';
import { mjoaFromItems, mjoaFromTotal } from '@myelon/prognosis';
import { diffusionVolumeToDicom, simulatedStudy, type DicomEncoding } from '@myelon/phantom';
import { sliceGroups, statistics, tube } from './report-objects-parts';

/** Size and kind of a source series. */
export interface SampleCase {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly encoding: DicomEncoding;
}

/** Objects of one made-up analysis, with everything needed to check them. */
export interface SampleObjects {
  readonly sourceFiles: readonly Uint8Array[];
  readonly source: DicomJsonDataset;
  readonly grid: VoxelGrid;
  readonly segments: readonly Segment[];
  readonly fa: ScalarMap;
  readonly segmentation: Uint8Array;
  readonly report: Uint8Array;
  readonly map: Uint8Array;
  /** Five of its slices, level by level, and the clinical assessment: the parts a report is written in. */
  readonly sliceReport: Uint8Array;
  readonly levelReport: Uint8Array;
  readonly mjoaReport: Uint8Array;
  readonly document: Uint8Array;
  readonly keyObject: Uint8Array;
}

const device: DeviceIdentity = {
  manufacturer: 'Myelon',
  modelName: 'Myelon',
  serialNumber: 'conformance',
  softwareVersion: '0.1.0',
  deviceUID: '2.25.329800735698586629295641978511506172918',
};

const C5 = VERTEBRA_CODES['C5'] ?? { value: '', scheme: '', meaning: '' };

/** A stack turned about two axes. */
function obliqueGrid({ columns, rows, slices }: SampleCase): VoxelGrid {
  const [c, s, d, t] = [Math.cos(0.2), Math.sin(0.2), Math.cos(0.35), Math.sin(0.35)];
  const across = [c, s * t, -s * d].map((component) => component * 0.9);
  const down = [0, d, t].map((component) => component * 0.7);
  const through = [s, -c * t, c * d].map((component) => component * 5);
  const rowOf = (axis: 0 | 1 | 2, origin: number) =>
    [across[axis] ?? 0, down[axis] ?? 0, through[axis] ?? 0, origin] as const;
  return {
    columns,
    rows,
    slices,
    affine: [...rowOf(0, -31.2), ...rowOf(1, 12.7), ...rowOf(2, -77.1)],
    frameOfReferenceUID: newUID(),
  };
}

/** Writes the source as DICOM, reads it back as a reader would, and makes segmentation and report from that. */
export function sampleObjects(sample: SampleCase): SampleObjects {
  const written = obliqueGrid(sample);
  const size = voxelCount(written);
  const gradients = new GradientTable([0, 800, 800], [0, 0, 0, 1, 0, 0, 0, 1, 0]);
  const signal = Float32Array.from({ length: 3 * size }, (_, index) => 200 + (index % 700));
  const study = simulatedStudy(7, { patientName: 'Müller^Jörg', studyDescription: 'Halswirbelsäule' });
  const sourceFiles = diffusionVolumeToDicom(
    { grid: written, gradients, signal, sources: [], name: 'DTI' },
    study,
    { encoding: sample.encoding, description: 'DTI', seriesNumber: 3, folder: 'dti' },
  ).map(({ bytes }) => bytes);
  const datasets = sourceFiles.map((bytes) => parsePart10(bytes).dataset);
  const [source] = datasets;
  if (!source) throw new InputRefused('no files', 'sample', 'report this as a defect');
  const series = readDiffusionSeries(datasets);
  const volume: ReferencedVolume = {
    grid: series.grid,
    seriesInstanceUID: text(source, '0020000E'),
    sopClassUID: text(source, '00080016'),
    slices: series.frames.slice(0, series.grid.slices),
  };
  return { sourceFiles, source, ...results(volume, datasets) };
}

function results(volume: ReferencedVolume, datasets: readonly DicomJsonDataset[]) {
  const { grid } = volume;
  const fa: ScalarMap = {
    grid,
    quantity: 'fa',
    unit: QUANTITIES.fa.unit,
    method: 'made up',
    values: Float32Array.from({ length: voxelCount(grid) }, (_, voxel) => 0.3 + ((voxel * 37) % 101) / 250),
    status: new Uint8Array(voxelCount(grid)).fill(VoxelStatus.valid),
  };
  const segments = [tube(grid, 0, 'Spinal cord'), tube(grid, Math.min(1, grid.slices - 1), 'Compression')];
  const [source = {}] = datasets;
  const common = { context: studyContextFrom(source), device, createdAt: new Date('2026-01-31T16:00:00Z') };
  const identity = (seriesNumber: number, seriesDescription: string) => ({
    sopInstanceUID: newUID(),
    seriesInstanceUID: newUID(),
    seriesNumber,
    seriesDescription,
  });
  const segmentationIdentity = identity(9001, 'Myelon cord outline');
  const tensor: ModelUse = {
    fitting: 'wls',
    bValues: [0, 800],
    algorithmName: 'Myelon tensor fit',
    algorithmVersion: '0.1.0',
    parameters: ['iterations: 2'],
  };
  const report: MeasurementReportContent = {
    ...common,
    identity: identity(9002, 'Myelon cord measurements'),
    state: { kind: 'draft', complete: true },
    reader: { name: 'Röntgen^Wilhelm', organization: 'Klinik' },
    sources: [
      {
        seriesInstanceUID: volume.seriesInstanceUID,
        sopClassUID: volume.sopClassUID,
        sopInstanceUIDs: datasets.map((dataset) => text(dataset, '00080018')),
      },
    ],
    segmentedSeriesInstanceUID: volume.seriesInstanceUID,
    frameOfReferenceUID: grid.frameOfReferenceUID ?? '',
    segmentation: segmentationIdentity,
    models: {
      tensor,
      ivim: {
        fitting: 'segmented-unconstrained',
        bValues: [0, 800],
        algorithmName: 'Myelon IVIM fit',
        algorithmVersion: '0.1.0',
        parameters: [],
      },
    },
    regions: segments.map((segment, index) => ({
      id: segment.label,
      name: segment.label,
      trackingIdentifier: segment.trackingIdentifier,
      trackingUID: segment.trackingUID,
      segmentNumber: index + 1,
      centroid: voxelToPatient(grid, [grid.columns / 2, grid.rows / 2, grid.slices / 2]),
      volumeMm3: 512.25,
      quantities: [
        statistics(fa, segment),
        { quantity: 'ivim_f' as const, missing: 'no IVIM series was chosen', kind: 'not-attempted' as const },
      ],
    })),
    quality: ['outline: made up'],
    score: {
      kind: 'score',
      modelId: 'fa-f-score',
      modelVersion: '1',
      score: -0.24,
      modelBand: { low: -0.9, high: 0.4 },
      rescanBand: { low: -1.6, high: 1.1 },
      probability: { value: 0.6, modelBand: { low: 0.4, high: 0.8 } },
      sentences: ['Of 100 patients like this about 60 recover well.'],
      statements: ['Experimental.'],
    },
    prognosis: {
      kind: 'statement',
      modelId: 'fa-f-rule',
      modelVersion: '1',
      regionId: 'Compression',
      fa: { value: 0.3971, cutOff: 0.41, greyZone: 0.02, atOrAbove: false, inGreyZone: true },
      f: { value: 0.1012, cutOff: 0.095, greyZone: 0.03, atOrAbove: true, inGreyZone: true },
      likelihoodRatio: { value: 0.91, low: 0.42, high: 1.97 },
      sentence: 'FA below, f at or above its cut-off.',
      statements: ['Research use only. Not a medical device.'],
      warnings: [],
    },
    warnings: ['made up'],
  };
  const named = [segmentationIdentity, report.identity].map(
    ({ sopInstanceUID, seriesInstanceUID }, index) => ({
      sopClassUID: index === 0 ? SEGMENTATION_STORAGE : COMPREHENSIVE_3D_SR,
      sopInstanceUID,
      seriesInstanceUID,
    }),
  );
  return {
    grid,
    fa,
    segments,
    document: writeEncapsulatedPdf({
      ...common,
      identity: identity(9004, 'Myelon report, PDF'),
      pdf: new TextEncoder().encode('%PDF-1.7 made up for the test'),
      title: 'Cervical cord diffusion report',
      verified: false,
      madeFrom: named,
    }),
    keyObject: writeKeyObject({
      ...common,
      identity: identity(9005, 'Myelon objects of one analysis'),
      objects: named,
      description: 'Objects of one analysis',
    }),
    segmentation: writeSegmentation({ ...common, identity: segmentationIdentity, source: volume, segments }),
    report: writeMeasurementReport(report),
    sliceReport: writeMeasurementReport({
      ...report,
      identity: identity(9006, 'Myelon cord, slice by slice'),
      regions: [],
      slices: sliceGroups(volume, segments, fa).slice(0, 5),
      prognosis: { ...report.prognosis, kind: 'abstained', reasons: ['single slices'] },
    }),
    levelReport: writeMeasurementReport({
      ...report,
      identity: identity(9030, 'Myelon cord, level by level'),
      statistics: ['mean', 'sd'],
      regions: report.regions.map((region) => ({
        ...region,
        level: C5,
        shape: {
          areaMm2: 61.25,
          apDiameterMm: 6.4,
          transverseDiameterMm: 12.6,
          compressionRatio: 6.4 / 12.6,
        },
      })),
      prognosis: { ...report.prognosis, kind: 'abstained', reasons: ['levels'] },
    }),
    mjoaReport: writeMjoaReport({
      ...common,
      identity: identity(9006, 'Myelon clinical assessment, mJOA'),
      state: report.state,
      reader: { name: 'Röntgen^Wilhelm', organization: 'Klinik' },
      sources: report.sources,
      trackingUIDs: { before: newUID(), after: newUID(), recovery: newUID(), history: newUID() },
      clinical: {
        pre: {
          score: mjoaFromItems('mjoa-18', {
            'motor-upper': 3,
            'motor-lower': 4,
            'sensation-upper': 2,
            sphincter: 2,
          }),
          date: '2026-01-30',
        },
        post: { score: mjoaFromTotal('mjoa-18', 15), date: '2026-06-30' },
        nurickPre: 3,
        nurickPost: 1,
        predictors: { age: 61, smoking: 0 },
      },
    }),
    map: writeParametricMap({
      ...common,
      identity: identity(9003, 'Myelon FA'),
      source: volume,
      map: fa,
      use: tensor,
    }),
  };
}

function text(dataset: DicomJsonDataset, tag: string): string {
  const value = dataset[tag]?.Value?.[0];
  return typeof value === 'string' ? value : '';
}
