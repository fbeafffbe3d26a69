import { assembleVolume } from '@myelon/dicom';
import { WORDS } from '../../words/en';
import type { OpenSeries, ReadingContext } from '../reading-context';
import type { Report } from '../tasks';

/** The analysis worker knows a series by its UID. */
export function engineKey({ series }: OpenSeries): string {
  return series.seriesInstanceUIDs[0] ?? series.name;
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
  const volume = await assembleVolume(
    open.series,
    (requests, onFrame, abort) =>
      host.pixels.load(
        open.displaySetUID,
        requests,
        (index, values) => {
          const request = requests[index];
          if (request) onFrame(request, values);
        },
        abort,
      ),
    {
      scaled: true,
      onProgress: (fraction) => {
        report({ fraction });
      },
      signal,
    },
  );
  const { series, datasets } = open;
  const loaded = {
    grid: volume.grid,
    gradients: volume.gradients,
    sources: volume.sources,
    name: volume.name,
  };
  await engine.addVolume(engineKey(open), volume, {
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
