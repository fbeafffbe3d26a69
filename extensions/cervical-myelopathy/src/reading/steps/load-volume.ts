import { assembleVolume, type PixelSource } from '@myelon/dicom';
import type { ViewerHost } from '../../host/viewer-host';
import { WORDS } from '../../words/en';
import type { OpenSeries, ReadingContext } from '../reading-context';
import type { Report } from '../tasks';

/** Stored pixels as the viewer loads them, for the frames of a series. */
export function pixelsFromViewer(
  { pixels }: ViewerHost,
  { imagesIn }: Pick<OpenSeries, 'imagesIn'>,
): PixelSource {
  return (requests, onFrame, signal) =>
    pixels.load(
      imagesIn,
      requests,
      (index, values) => {
        const request = requests[index];
        if (request) onFrame(request, values);
      },
      signal,
    );
}

/** Brings the pixels of a series to the analysis worker, once. Aborting leaves the series as it was. */
export async function loadVolume(
  context: ReadingContext,
  open: OpenSeries,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  if (open.loaded) return;
  const { host, engine } = context;
  report({ label: WORDS.data.loading(open.series.frames.length), fraction: 0 });
  const volume = await assembleVolume(open.series, pixelsFromViewer(host, open), {
    scaled: true,
    onProgress: (fraction) => {
      report({ fraction });
    },
    signal,
  });
  const { series, datasets } = open;
  const loaded = {
    grid: volume.grid,
    gradients: volume.gradients,
    sources: volume.sources,
    name: volume.name,
  };
  await engine.addVolume(open.key, volume, {
    source: {
      kind: 'dicom',
      studyInstanceUID: series.studyInstanceUID,
      seriesInstanceUIDs: [...series.seriesInstanceUIDs],
      instances: datasets.length,
    },
    leftOut: [...series.leftOut],
    warnings: [...series.warnings],
  });
  signal.throwIfAborted();
  open.loaded = loaded;
}
