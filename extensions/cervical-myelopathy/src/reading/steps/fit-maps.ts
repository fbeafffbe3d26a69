import type { FitOutcome } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { patch, type ReadingContext } from '../reading-context';
import type { Report } from '../tasks';
import { loadVolume } from './load-volume';
import { measure } from './measure';
import { layMaps, showMap } from './show-maps';

/** Fits tensor and IVIM in the worker and lays the maps over the images. */
export async function fitMaps(context: ReadingContext): Promise<void> {
  const { tasks, store } = context;
  const done = await tasks.run('maps', WORDS.maps.fitting, async (signal, report) => {
    const { tensorSeriesUID, ivimSeriesUID } = store.getState().data;
    const wanted = [...new Set([tensorSeriesUID, ivimSeriesUID])].flatMap(
      (uid) => context.openSeries.get(uid ?? '') ?? [],
    );
    for (const open of wanted) await loadVolume(context, open, signal, report);
    await fit(context, signal, report);
    return { kind: 'done' };
  });
  if (!done) return;
  context.restored = false;
  store.setState(({ open }) => ({ open: { ...open, maps: true, metrics: true } }));
  await measure(context);
}

async function fit(context: ReadingContext, signal: AbortSignal, report: Report): Promise<void> {
  const { engine, store } = context;
  const { tensorSeriesUID, ivimSeriesUID } = store.getState().data;
  const { preparation } = store.getState().maps;
  report({ label: WORDS.maps.fitting, fraction: 0 });
  const startedAt = performance.now();
  const outcome = await engine.fit(
    {
      tensorKey: keyOf(context, tensorSeriesUID),
      ivimKey: keyOf(context, ivimSeriesUID),
      options: { preparation },
    },
    {
      onProgress: (fraction) => {
        report({ fraction });
      },
      signal,
    },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  context.maps = outcome.maps;
  await layMaps(context);
  const available = outcome.maps
    .map(({ quantity }) => quantity)
    .filter((id) => id !== 's0' && id !== 'ivim_s0');
  const shown = store.getState().maps.shown ?? available[0] ?? null;
  patch(context, 'maps', {
    available,
    shown,
    method: methodLine(outcome, seconds),
    fittedPreparation: preparation,
  });
  await showMap(context);
}

/** "WLS, 2 iterations; IVIM segmented; 1.2 s": the whole method stands beside each number. */
function methodLine({ tensor, ivim }: FitOutcome, seconds: number): string {
  return [
    ...(tensor ? [WORDS.maps.tensorMethod(tensor.iterations)] : []),
    ...(ivim ? [WORDS.maps.ivimMethod] : []),
    WORDS.maps.seconds(seconds),
  ].join('; ');
}

function keyOf({ openSeries }: ReadingContext, seriesUID: string | null): string | null {
  const open = openSeries.get(seriesUID ?? '');
  return open ? open.key : null;
}
