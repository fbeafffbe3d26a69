import {
  assembleVolume,
  readDiffusionSeries,
  string,
  Tag,
  type HeaderSeries,
  type PixelSource,
} from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { CommandContext, Shortfall } from '../command-result';
import { withProgress } from '../terminal';
import type { LoadedSeries } from './loaded-inputs';

/** @param wanted Series Instance UID, Series Number or Series Description */
export function matchesSeries(series: HeaderSeries, wanted: string): boolean {
  const description = string(series.datasets[0] ?? {}, Tag.SeriesDescription);
  return [series.seriesInstanceUID, String(series.seriesNumber), description].includes(wanted);
}

/**
 * The diffusion series of a study, each as a volume; those that cannot be read are named.
 *
 * @param only Series Instance UID, number or description of the one series wanted
 * @param where the input, for the refusal
 * @throws InputRefused when there is no usable diffusion series
 */
export async function loadDiffusionSeries(
  series: readonly HeaderSeries[],
  only: string | undefined,
  pixels: PixelSource,
  where: string,
  context: CommandContext,
): Promise<{ series: LoadedSeries[]; leftOut: Shortfall[] }> {
  const diffusion = series.filter(({ isDiffusion }) => isDiffusion);
  const wanted = diffusion.filter((one) => only === undefined || matchesSeries(one, only));
  if (wanted.length === 0) throw nothingWanted(series, diffusion, only, where);
  const loaded: LoadedSeries[] = [];
  const leftOut: Shortfall[] = [];
  for (const one of wanted) {
    try {
      loaded.push(await loadSeries(one, pixels, context));
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      leftOut.push({ what: error.where, why: `${error.what}; ${error.whatToDo}` });
    }
  }
  if (loaded.length === 0) {
    const reasons = leftOut.map(({ what, why }) => `${what}: ${why}`).join('; ');
    throw new InputRefused(`no diffusion series can be used (${reasons})`, where, 'give another series');
  }
  return { series: loaded, leftOut: [...leftOut, ...loaded.flatMap(({ origin }) => origin.leftOut)] };
}

async function loadSeries(
  { datasets, seriesInstanceUID }: HeaderSeries,
  pixels: PixelSource,
  { terminal, signal }: CommandContext,
): Promise<LoadedSeries> {
  const series = readDiffusionSeries(datasets);
  const volume = await withProgress(terminal, `Loading ${series.name}`, (onProgress) =>
    assembleVolume(series, pixels, { scaled: true, onProgress, signal }),
  );
  return {
    key: seriesInstanceUID,
    volume,
    origin: {
      source: {
        kind: 'dicom',
        studyInstanceUID: series.studyInstanceUID,
        seriesInstanceUIDs: [...series.seriesInstanceUIDs],
        instances: new Set(series.frames.map(({ sopInstanceUID }) => sopInstanceUID)).size,
      },
      leftOut: series.leftOut.map(({ what, why }) => ({ what, why })),
      warnings: [...series.warnings],
    },
    instances: datasets,
  };
}

function nothingWanted(
  all: readonly HeaderSeries[],
  diffusion: readonly HeaderSeries[],
  only: string | undefined,
  where: string,
): InputRefused {
  if (only !== undefined && diffusion.length > 0) {
    const names = diffusion.map(({ name, seriesInstanceUID }) => `${name} (${seriesInstanceUID})`).join(', ');
    return new InputRefused(`no diffusion series "${only}"; there are ${names}`, where, 'correct --series');
  }
  const found =
    all.length === 0 ? 'no MR series' : `no diffusion series among ${String(all.length)} MR series`;
  return new InputRefused(found, where, 'give a study with a diffusion series');
}
