import {
  describeGradientTable,
  InputRefused,
  ivimVerdict,
  tensorVerdict,
  type GradientTable,
  type Verdict,
} from '@myelon/diffusion';
import {
  groupSeries,
  readDiffusionSeries,
  string,
  Tag,
  type DicomJsonDataset,
  type DiffusionAcquisition,
  type DiffusionSeries,
} from '@myelon/dicom';
import type { HostDiffusionSeries } from '../../host/viewer-host';
import { WORDS } from '../../words/en';
import { patch, type OpenSeries, type ReadingContext } from '../reading-context';
import type { SectionState, SeriesReading, Usability } from '../reading-state';
import { problemOf, type Report } from '../tasks';
import { acquisitionsOf } from './group-acquisitions';
import { presentSlices } from './present-slices';
import { withGivenTable } from './replace-table';

/** Reads the headers of every diffusion series of the study and chooses which serve the tensor and IVIM. */
export async function readData(context: ReadingContext): Promise<void> {
  const { host, tasks } = context;
  const found = host.studies.diffusionSeries();
  if (found.length === 0) {
    patch(context, 'data', {
      series: [],
      tensorSeriesUID: null,
      ivimSeriesUID: null,
      state: { kind: 'failed', problem: { what: WORDS.data.noSeries, whatToDo: WORDS.data.noSeriesDo } },
    });
    return;
  }
  await tasks.run('data', WORDS.data.reading(found.length), (signal, report) =>
    readSeries(context, found, signal, report),
  );
}

async function readSeries(
  context: ReadingContext,
  found: readonly HostDiffusionSeries[],
  signal: AbortSignal,
  report: Report,
): Promise<SectionState> {
  let read = 0;
  const headers = await Promise.all(
    found.map(async (series) => {
      const datasets = await unlessAborted(headersOf(context, series), signal);
      report({ fraction: ++read / found.length });
      return datasets;
    }),
  );
  const acquisitions = acquisitionsOf(context, groupSeries(headers.flat()));
  const series = acquisitions.map((acquisition) => readOne(context, acquisition, found));
  for (const { key } of series) {
    const open = context.openSeries.get(key);
    if (open) await presentSlices(context, open, signal, report);
  }
  const { tensorSeriesUID, ivimSeriesUID } = context.store.getState().data;
  const chosen = {
    tensorSeriesUID: stillUsable(series, 'tensor', tensorSeriesUID) ?? best(series, 'tensor'),
    ivimSeriesUID: stillUsable(series, 'ivim', ivimSeriesUID) ?? best(series, 'ivim'),
  };
  patch(context, 'data', { series, ...chosen });
  if (chosen.tensorSeriesUID === null && chosen.ivimSeriesUID === null) {
    const [first] = series;
    const why = first?.refusal ?? first?.tensor.remarks[0] ?? '';
    return {
      kind: 'failed',
      problem: { what: WORDS.data.noneUsable, whatToDo: why || WORDS.data.noSeriesDo },
    };
  }
  patch(context, 'cord', { state: { kind: 'ready' } });
  if (chosen.tensorSeriesUID === null) return { kind: 'needs-look', what: WORDS.data.missingTensor };
  if (chosen.ivimSeriesUID === null) return { kind: 'needs-look', what: WORDS.data.missingIvim };
  return { kind: 'done' };
}

function readOne(
  context: ReadingContext,
  acquisition: DiffusionAcquisition,
  found: readonly HostDiffusionSeries[],
): SeriesReading {
  const { key, name, datasets } = acquisition;
  const uids = new Set(datasets.map((dataset) => string(dataset, Tag.SeriesInstanceUID)));
  const about = { key, name, images: datasets.length, joined: uids.size > 1 };
  try {
    const series = withGivenTable(context, key, readDiffusionSeries(datasets, name));
    const hosts = found.filter(({ seriesInstanceUID }) => uids.has(seriesInstanceUID));
    openSeries(context, key, series, datasets, hosts);
    return {
      ...about,
      table: describeGradientTable(series.gradients),
      tableFrom: series.replacedTable ? `${series.replacedTable.bval}, ${series.replacedTable.bvec}` : null,
      directions: weightedDirections(series.gradients),
      shells: series.gradients.shells().map(({ bValue, volumes }) => ({ bValue, volumes: volumes.length })),
      tensor: usability(tensorVerdict(series.gradients)),
      ivim: usability(ivimVerdict(series.gradients)),
      leftOut: series.leftOut,
      warnings: series.warnings,
      refusal: null,
    };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    const { what, whatToDo } = problemOf(error);
    return { ...about, ...UNREADABLE, refusal: `${what}; ${whatToDo}` };
  }
}

/** Pixels that are with the analysis worker stay there as long as the series is the same. */
function openSeries(
  context: ReadingContext,
  key: string,
  series: DiffusionSeries,
  datasets: readonly DicomJsonDataset[],
  hosts: readonly HostDiffusionSeries[],
): void {
  const before = context.openSeries.get(key);
  const same =
    before?.datasets.length === datasets.length &&
    JSON.stringify(before.series.replacedTable) === JSON.stringify(series.replacedTable);
  const open: OpenSeries = {
    key,
    displaySetUID:
      same && context.host.images.shows(before.displaySetUID, series.grid)
        ? before.displaySetUID
        : (hosts[0]?.displaySetInstanceUID ?? ''),
    imagesIn: hosts.map(({ displaySetInstanceUID }) => displaySetInstanceUID),
    series,
    datasets,
    loaded: same ? before.loaded : null,
  };
  context.openSeries.set(key, open);
}

function weightedDirections(gradients: GradientTable): SeriesReading['directions'] {
  return [...Array(gradients.count).keys()].flatMap((volume) => {
    const direction = gradients.direction(volume);
    const bValue = gradients.bValue(volume);
    return bValue > 0 && Math.hypot(...direction) > 0.5 ? [{ bValue, direction }] : [];
  });
}

/** Headers of a series; a request that failed is asked again the next time. */
function headersOf({ host: viewer, headers }: ReadingContext, series: HostDiffusionSeries) {
  const key = `${series.seriesInstanceUID} ${String(series.instanceCount)}`;
  const known = headers.get(key);
  if (known) return known;
  const asked = viewer.studies.metadata(
    series.studyInstanceUID,
    series.seriesInstanceUID,
    new AbortController().signal,
  );
  headers.set(key, asked);
  asked.catch(() => headers.delete(key));
  return asked;
}

/** Settles like the work, or rejects as soon as the reader cancels. The work itself goes on: it is shared. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => {
      reject(new DOMException('cancelled', 'AbortError'));
    });
    work.then(resolve, reject);
  });
}

const UNREADABLE: Omit<SeriesReading, 'key' | 'name' | 'images' | 'joined' | 'refusal'> = {
  table: null,
  tableFrom: null,
  directions: [],
  shells: [],
  tensor: { possible: false, remarks: [] },
  ivim: { possible: false, remarks: [] },
  leftOut: [],
  warnings: [],
};

function usability(verdict: Verdict): Usability {
  return verdict.possible
    ? { possible: true, remarks: verdict.warnings }
    : { possible: false, remarks: [`${verdict.why}; ${verdict.whatToDo}`] };
}

type Role = 'tensor' | 'ivim';

function stillUsable(series: readonly SeriesReading[], role: Role, key: string | null): string | null {
  return series.find((one) => one.key === key)?.[role].possible === true ? key : null;
}

/** Most volumes for the tensor, most b-values for IVIM; the first where several tie. */
function best(series: readonly SeriesReading[], role: Role): string | null {
  const score = ({ shells }: SeriesReading) =>
    role === 'ivim' ? shells.length : shells.reduce((sum, { volumes }) => sum + volumes, 0) / shells.length;
  const [first] = series.filter((one) => one[role].possible).sort((p, q) => score(q) - score(p));
  return first?.key ?? null;
}
