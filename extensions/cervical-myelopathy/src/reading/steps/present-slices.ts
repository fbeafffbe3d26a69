import { assembleVolume, type DiffusionSeries } from '@myelon/dicom';
import { WORDS } from '../../words/en';
import type { OpenSeries, ReadingContext } from '../reading-context';
import type { Report } from '../tasks';
import { pixelsFromViewer } from './load-volume';

/**
 * Sees to it that the viewer shows the slices of a series. Where its images are not its slices (a mosaic holds all
 * slices of a volume, a series can hold two acquisitions) the volume with the lowest b-value is cut into slices and
 * shown instead.
 */
export async function presentSlices(
  { host }: ReadingContext,
  open: OpenSeries,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  const { series, key } = open;
  if (host.images.shows(open.displaySetUID, series.grid)) return;
  report({ label: WORDS.data.cutting, fraction: null });
  const lowest = lowestWeighting(series);
  const { signal: values } = await assembleVolume(oneVolume(series, lowest), pixelsFromViewer(host, open), {
    scaled: true,
    signal,
  });
  open.displaySetUID = host.images.present(open.displaySetUID, key, series.grid, values);
}

function lowestWeighting({ gradients }: DiffusionSeries): number {
  const volumes = [...Array(gradients.count).keys()];
  return volumes.reduce((best, one) => (gradients.bValue(one) < gradients.bValue(best) ? one : best), 0);
}

function oneVolume(series: DiffusionSeries, volume: number): DiffusionSeries {
  const { slices } = series.grid;
  return {
    ...series,
    gradients: series.gradients.select([volume]),
    frames: series.frames.slice(volume * slices, (volume + 1) * slices),
  };
}
