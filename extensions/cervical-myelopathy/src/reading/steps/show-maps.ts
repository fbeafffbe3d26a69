import { sameGrid, type ScalarMap } from '@myelon/diffusion';
import { outlinedSeries, type OpenSeries, type ReadingContext } from '../reading-context';

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
