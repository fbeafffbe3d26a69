import { discName } from '@myelon/cord';
import { InputRefused } from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';
import type { KnownDisc, LevelsRequest } from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import { BadUsage } from '../exit-code';
import { readInputFile } from './files';

/** Options that name the levels along the cord. */
export interface LevelOptions {
  readonly disc?: readonly KnownDisc[];
  readonly sagittal?: string;
}

export function addLevelOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--disc <name=place>',
        'a disc you know, to name the levels by: C2/3=9 (slice, counted from 1 in the order of the maps) or ' +
          'C2/3=x,y,z (patient coordinates as in DICOM, LPS mm); may be given several times',
      ).argParser((text: string, earlier: readonly KnownDisc[] | undefined) => [
        ...(earlier ?? []),
        parseDisc(text),
      ]),
    )
    .option(
      '--sagittal <file>',
      'sagittal T2 of the same session, 3-D NIfTI, to find the other discs in (default: by ordinary spacing)',
    );
}

/** @throws BadUsage when an image is given and no disc; InputRefused when the image cannot serve */
export async function levelsRequest({ disc, sagittal }: LevelOptions): Promise<{ levels?: LevelsRequest }> {
  if (!disc) {
    if (sagittal !== undefined)
      throw new BadUsage('--sagittal needs --disc: name one disc, as in --disc C2/3=9');
    return {};
  }
  if (sagittal === undefined) return { levels: { discs: disc } };
  const image = readNifti(await readInputFile(sagittal), sagittal);
  if (image.volumes !== 1)
    throw new InputRefused(`${String(image.volumes)} volumes`, sagittal, 'give one 3-D image');
  return { levels: { discs: disc, sagittal: { image: image.data, grid: image.grid } } };
}

/** @throws BadUsage when the place is neither a slice nor a point */
function parseDisc(text: string): KnownDisc {
  const [name = '', place = '', ...rest] = text.split('=');
  const numbers = place.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [x, y, z] = numbers;
  if (rest.length === 0 && numbers.every(Number.isFinite) && x !== undefined) {
    if (numbers.length === 1 && Number.isInteger(x) && x >= 1)
      return { name: discNamed(name), at: { slice: x - 1 } };
    if (numbers.length === 3 && y !== undefined && z !== undefined)
      return { name: discNamed(name), at: { pointMm: [x, y, z] } };
  }
  throw new BadUsage(
    `--disc ${text}: give a disc and a slice from 1, as in C2/3=9, or a point, as in C2/3=1.5,-20,35`,
  );
}

/** A wrong name on the command line is bad usage, not a refused input. */
function discNamed(name: string) {
  try {
    return discName(name);
  } catch (error) {
    throw new BadUsage(error instanceof Error ? error.message : String(error));
  }
}
