import { basename } from 'node:path';
import {
  assembleVolume,
  diffusionAcquisitions,
  diffusionParts,
  joinAcquisitions,
  readDiffusionSeries,
  replaceGradientTable,
  type DiffusionAcquisition,
  type DiffusionSeries,
  type HeaderSeries,
  type PixelSource,
} from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import { niftiOrientedGrid, readFslGradientTable } from '@myelon/nifti';
import type { CommandContext, Shortfall } from '../command-result';
import { withProgress } from '../terminal';
import { readTextFile } from './files';
import type { LoadedSeries } from './loaded-inputs';

/** What of a study is wanted, and how. */
export interface SeriesChoice {
  /** Series Instance UIDs, numbers or descriptions; several, separated by commas, are joined. */
  readonly only: string | undefined;
  /** FSL files with the table to use instead of that of the headers. */
  readonly table: { readonly bval: string; readonly bvec: string } | undefined;
}

/**
 * The diffusion series of a study, each as a volume; those that cannot be read are named.
 *
 * @param where the input, for the refusal
 * @throws InputRefused when there is no usable diffusion series, or a table is given for more than one
 */
export async function loadDiffusionSeries(
  series: readonly HeaderSeries[],
  { only, table }: SeriesChoice,
  pixels: PixelSource,
  where: string,
  context: CommandContext,
): Promise<{ series: LoadedSeries[]; leftOut: Shortfall[] }> {
  const wanted = only === undefined ? diffusionAcquisitions(series) : chosen(diffusionParts(series), only);
  if (wanted.length === 0) throw nothingWanted(series, diffusionParts(series), only, where);
  if (table && wanted.length > 1)
    throw new InputRefused(
      `one gradient table for ${String(wanted.length)} diffusion series: ${namesOf(wanted)}`,
      where,
      'name the series it belongs to with --series',
    );
  const loaded: LoadedSeries[] = [];
  const leftOut: Shortfall[] = [];
  for (const one of wanted) {
    try {
      loaded.push(await loadSeries(one, table, pixels, context));
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

/** A description may hold commas: the whole text is tried first. */
function chosen(parts: readonly DiffusionAcquisition[], only: string): DiffusionAcquisition[] {
  const named = (name: string) => parts.filter(({ aliases }) => aliases.includes(name));
  const whole = named(only);
  if (whole.length > 0 || !only.includes(',')) return whole;
  const several = only.split(',').map((name) => named(name.trim()));
  if (several.some((found) => found.length === 0)) return [];
  return [joinAcquisitions([...new Set(several.flat())])];
}

async function loadSeries(
  { key, datasets }: DiffusionAcquisition,
  table: SeriesChoice['table'],
  pixels: PixelSource,
  { terminal, signal }: CommandContext,
): Promise<LoadedSeries> {
  const series = await withTable(readDiffusionSeries(datasets), table);
  const volume = await withProgress(terminal, `Loading ${series.name}`, (onProgress) =>
    assembleVolume(series, pixels, { scaled: true, onProgress, signal }),
  );
  return {
    key,
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

async function withTable(series: DiffusionSeries, table: SeriesChoice['table']): Promise<DiffusionSeries> {
  if (!table) return series;
  const [bval, bvec] = await Promise.all([readTextFile(table.bval), readTextFile(table.bvec)]);
  const gradients = readFslGradientTable(bval, bvec, niftiOrientedGrid(series.grid), table);
  return replaceGradientTable(series, gradients, { bval: basename(table.bval), bvec: basename(table.bvec) });
}

function namesOf(acquisitions: readonly DiffusionAcquisition[]): string {
  return acquisitions.map(({ name, key }) => `${name} (${key})`).join(', ');
}

function nothingWanted(
  all: readonly HeaderSeries[],
  diffusion: readonly DiffusionAcquisition[],
  only: string | undefined,
  where: string,
): InputRefused {
  if (only !== undefined && diffusion.length > 0) {
    return new InputRefused(
      `no diffusion series "${only}"; there are ${namesOf(diffusion)}`,
      where,
      'correct --series',
    );
  }
  const found =
    all.length === 0 ? 'no MR series' : `no diffusion series among ${String(all.length)} MR series`;
  return new InputRefused(found, where, 'give a study with a diffusion series');
}
