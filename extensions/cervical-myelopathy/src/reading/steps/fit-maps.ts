import { sameGrid, type ScalarMap } from '@myelon/diffusion';
import type { FitOutcome } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { outlinedSeries, patch, type OpenSeries, type ReadingContext } from '../reading-context';
import type { Report } from '../tasks';
import { loadVolume } from './load-volume';
import { measure } from './measure';

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
  store.setState(({ open }) => ({ open: { ...open, maps: true, metrics: true } }));
  await measure(context);
}

async function fit(context: ReadingContext, signal: AbortSignal, report: Report): Promise<void> {
  const { engine, store } = context;
  const { tensorSeriesUID, ivimSeriesUID } = store.getState().data;
  report({ label: WORDS.maps.fitting, fraction: 0 });
  const startedAt = performance.now();
  const outcome = await engine.fit(
    { tensorKey: keyOf(context, tensorSeriesUID), ivimKey: keyOf(context, ivimSeriesUID) },
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
  patch(context, 'maps', { available, shown, method: methodLine(outcome, seconds) });
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

/** Hands the maps of the last fit to the viewer, each over the series on whose grid it lies. */
export async function layMaps(context: ReadingContext): Promise<void> {
  const { tensorSeriesUID, ivimSeriesUID } = context.store.getState().data;
  for (const uid of new Set([tensorSeriesUID, ivimSeriesUID])) {
    const open = context.openSeries.get(uid ?? '');
    const maps = open ? mapsShownOver(context, open) : [];
    if (open && maps.length > 0) await context.host.maps.set(open.displaySetUID, maps);
  }
}

/** Maps lie over the outlined series where the grids agree, else over their own series. */
function mapsShownOver(context: ReadingContext, open: OpenSeries): readonly ScalarMap[] {
  const { maps } = context;
  const main = outlinedSeries(context);
  if (open === main) return maps.filter((map) => sameGrid(map.grid, open.series.grid));
  return maps.filter(
    (map) => sameGrid(map.grid, open.series.grid) && !(main && sameGrid(map.grid, main.series.grid)),
  );
}

/** Brings the map viewport in line with the state. */
export async function showMap({ host, store }: ReadingContext): Promise<void> {
  const { shown, ranges, opacity } = store.getState().maps;
  await host.maps.show(shown === null ? null : { quantity: shown, range: ranges[shown] ?? [0, 1], opacity });
}
