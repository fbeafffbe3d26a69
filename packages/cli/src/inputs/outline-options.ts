import { cordMask, outlineCord, type CordOutline } from '@myelon/cord';
import { InputRefused, type Vector3 } from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';
import type { AnalysisSession, MeasuringChoice, OutlineOfOtherImage } from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../command-result';
import { BadUsage } from '../exit-code';
import { withProgress } from '../terminal';
import { readInputFile } from './files';

type AnatomicalContrast = 't2' | 't2s' | 't1';

/** Options that say how a diffusion series is outlined. */
export interface OutlineSourceOptions {
  readonly offsetMm?: number;
  readonly outlineFrom?: string;
  readonly outlineFromContrast?: AnatomicalContrast;
  readonly register?: string;
}

export function addOutlineOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--offset-mm <mm>',
        'draw the outline so far inside the edge of the image; a convention of raters, stated with every area (default: 0)',
      ).argParser(parseOffset),
    )
    .option(
      '--outline-from <image>',
      'outline this image of the same session (3-D NIfTI) and carry it onto the diffusion slices, each moved to where it fits',
    )
    .addOption(
      new Option('--outline-from-contrast <name>', 'contrast of that image (default: t2)').choices([
        't2',
        't2s',
        't1',
      ]),
    )
    .option(
      '--register <mask>',
      'carry this cord mask, drawn on another image of the same session (3-D NIfTI), onto the diffusion slices in the same way',
    );
}

/** @throws BadUsage when options contradict each other */
export function checkOutlineOptions(options: OutlineSourceOptions & { readonly mask?: string }): void {
  const named = [
    ['--mask', options.mask],
    ['--outline-from', options.outlineFrom],
    ['--register', options.register],
  ].filter(([, value]) => value !== undefined);
  if (named.length > 1)
    throw new BadUsage(`${named.map(([name]) => String(name)).join(' and ')}: give one outline`);
  if (options.outlineFromContrast !== undefined && options.outlineFrom === undefined)
    throw new BadUsage('--outline-from-contrast belongs to --outline-from IMAGE');
  if (options.offsetMm !== undefined && (options.mask ?? options.register) !== undefined)
    throw new BadUsage('--offset-mm belongs to an automatic outline, not to a mask that is given');
}

/** Outlines a series of the session as the options say, under a progress bar. */
export async function outlineWithProgress(
  session: AnalysisSession,
  key: string,
  seeds: readonly Vector3[],
  options: OutlineSourceOptions,
  context: CommandContext,
): Promise<CordOutline> {
  const { terminal, signal } = context;
  const other = await outlineToCarry(options, context);
  if (other)
    return withProgress(terminal, 'Registering', (onProgress) =>
      session.carryOutline(key, other, onProgress, signal),
    );
  return withProgress(terminal, 'Outlining', (onProgress) =>
    session.outline(key, seeds, onProgress, signal, { offsetMm: options.offsetMm ?? 0 }),
  );
}

async function outlineToCarry(
  { outlineFrom, outlineFromContrast: contrast = 't2', register, offsetMm = 0 }: OutlineSourceOptions,
  { terminal, signal }: CommandContext,
): Promise<OutlineOfOtherImage | null> {
  const name = outlineFrom ?? register;
  if (name === undefined) return null;
  const image = readNifti(await readInputFile(name), name);
  if (image.volumes !== 1)
    throw new InputRefused(`${String(image.volumes)} volumes`, name, 'give one 3-D image');
  const { grid, data } = image;
  if (register !== undefined) {
    const labels = Uint8Array.from(data, (value) => (value > 0 ? 1 : 0));
    return { name, shape: cordMask({ grid, labels, method: 'imported' }) };
  }
  const shape = await withProgress(terminal, 'Outlining', (onProgress) =>
    outlineCord(data, grid, { contrast, seeds: [], offsetMm, onProgress, signal }),
  );
  return { name, shape };
}

export function addErosionOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--erosion <rule>',
      'voxels kept out because fluid mixes in: inside (keep those wholly inside the contour), a distance in mm ' +
        '(keep those whose centre lies that far inside), none (default: inside; none for a given mask)',
    ).argParser(parseErosion),
  );
}

function parseErosion(text: string): MeasuringChoice {
  if (text === 'inside' || text === 'none') return { kind: text };
  const mm = Number(text);
  if (text.trim() === '' || !(mm > 0) || mm > 3)
    throw new BadUsage(`--erosion ${text}: give inside, none, or a distance in mm up to 3, as in 0.45`);
  return { kind: 'erosion', mm };
}

function parseOffset(text: string): number {
  const mm = Number(text);
  if (text.trim() === '' || !(Math.abs(mm) <= 1))
    throw new BadUsage(`--offset-mm ${text}: give millimetres between -1 and 1, as in 0.2`);
  return mm;
}
