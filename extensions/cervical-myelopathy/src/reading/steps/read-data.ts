import {
  describeGradientTable,
  InputRefused,
  ivimVerdict,
  tensorVerdict,
  type Verdict,
} from '@myelon/diffusion';
import { readDiffusionSeries } from '@myelon/dicom';
import type { HostDiffusionSeries } from '../../host/viewer-host';
import { WORDS } from '../../words/en';
import { patch, type ReadingContext } from '../reading-context';
import type { SectionState, SeriesReading, Usability } from '../reading-state';
import { problemOf, type Report } from '../tasks';

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
  const series = await Promise.all(
    found.map(async (host) => {
      const one = await readOne(context, host, signal);
      report({ fraction: ++read / found.length });
      return one;
    }),
  );
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

async function readOne(
  context: ReadingContext,
  host: HostDiffusionSeries,
  signal: AbortSignal,
): Promise<SeriesReading> {
  try {
    const datasets = await unlessAborted(headersOf(context, host), signal);
    const series = readDiffusionSeries(datasets, host.description);
    const open = context.openSeries.get(host.seriesInstanceUID);
    context.openSeries.set(host.seriesInstanceUID, {
      displaySetUID: host.displaySetInstanceUID,
      series,
      datasets,
      loaded: open?.loaded ?? null,
    });
    return {
      host,
      table: describeGradientTable(series.gradients),
      shells: series.gradients.shells().map(({ bValue, volumes }) => ({ bValue, volumes: volumes.length })),
      tensor: usability(tensorVerdict(series.gradients)),
      ivim: usability(ivimVerdict(series.gradients)),
      leftOut: series.leftOut,
      warnings: series.warnings,
      refusal: null,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof InputRefused)) throw error;
    const { what, whatToDo } = problemOf(error);
    return { host, ...UNREADABLE, refusal: `${what}; ${whatToDo}` };
  }
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

const UNREADABLE: Omit<SeriesReading, 'host' | 'refusal'> = {
  table: null,
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

function stillUsable(series: readonly SeriesReading[], role: Role, uid: string | null): string | null {
  return series.find((one) => one.host.seriesInstanceUID === uid)?.[role].possible === true ? uid : null;
}

/** Most volumes for the tensor, most b-values for IVIM; the first where several tie. */
function best(series: readonly SeriesReading[], role: Role): string | null {
  const score = ({ shells }: SeriesReading) =>
    role === 'ivim' ? shells.length : shells.reduce((sum, { volumes }) => sum + volumes, 0) / shells.length;
  const [first] = series.filter((one) => one[role].possible).sort((p, q) => score(q) - score(p));
  return first?.host.seriesInstanceUID ?? null;
}
