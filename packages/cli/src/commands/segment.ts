import { outlineCord, type CordOutline } from '@myelon/cord';
import { InputRefused, type Vector3 } from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';
import { AnalysisSession } from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { BadUsage } from '../exit-code';
import { readInputFile } from '../inputs/files';
import { addFileInputOptions, inputPlace, isNiftiName, type InputOptions } from '../inputs/input-options';
import {
  addOutlineOptions,
  checkOutlineOptions,
  outlineWithProgress,
  type OutlineSourceOptions,
} from '../inputs/outline-options';
import { loadInputs } from '../inputs/load-inputs';
import type { LoadedInputs } from '../inputs/loaded-inputs';
import { addAll, outlineKey } from '../models';
import { exitCodeFor } from '../outputs/exit-code-for';
import { voxelOrderOf, writeMask } from '../outputs/write-maps';
import type { Dispatch } from '../program';
import { withProgress } from '../terminal';

type Contrast = 'dwi' | 't2' | 't2s' | 't1';

interface SegmentOptions extends InputOptions, OutlineSourceOptions {
  readonly out: string;
  readonly contrast: Contrast;
  readonly seed?: readonly Vector3[];
  readonly json?: true;
}

export function addSegment(program: Command, dispatch: Dispatch): void {
  const command = program
    .command('segment')
    .description('outline the spinal cord: a mask on the grid of the image')
    .argument(
      '<image>',
      'folder of diffusion DICOM files, .nii / .nii.gz with --bval and --bvec, or one 3-D NIfTI',
    )
    .requiredOption('--out <file>', 'mask to write, .nii.gz')
    .addOption(
      new Option(
        '--contrast <name>',
        'contrast of a 3-D image (a diffusion series is outlined on its mean DWI)',
      )
        .choices(['dwi', 't2', 't2s', 't1'])
        .default('dwi'),
    )
    .addOption(
      new Option(
        '--seed <x,y,z>',
        'voxel inside the cord, indices from 0; may be given several times',
      ).argParser((text: string, earlier: readonly Vector3[] | undefined) => [
        ...(earlier ?? []),
        parseSeed(text),
      ]),
    );
  addOutlineOptions(addFileInputOptions(command))
    .option('--json', 'print one JSON object')
    .action((image: string, options: SegmentOptions) => {
      if (!/\.nii\.gz$/i.test(options.out))
        throw new BadUsage('--out is the mask to write: name a .nii.gz file');
      const isOneImage = isNiftiName(image) && options.bval === undefined && options.bvec === undefined;
      if (!isOneImage && options.contrast !== 'dwi')
        throw new BadUsage(
          '--contrast belongs to a single 3-D image; a diffusion series is outlined on its mean DWI',
        );
      checkOutlineOptions(options);
      if (isOneImage && (options.outlineFrom ?? options.register) !== undefined)
        throw new BadUsage('--outline-from and --register carry an outline onto a diffusion series');
      const work = isOneImage
        ? (context: CommandContext) => segmentImage(image, options, context)
        : (context: CommandContext) => segmentSeries(image, options, context);
      dispatch(work, options.json ?? false);
    });
}

async function segmentImage(
  path: string,
  options: SegmentOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const image = readNifti(await readInputFile(path), path);
  if (image.volumes !== 1) {
    throw new InputRefused(
      `${String(image.volumes)} volumes`,
      path,
      'give one 3-D image, or add --bval and --bvec for a diffusion series',
    );
  }
  const outline = await withProgress(context.terminal, 'Outlining', (onProgress) =>
    outlineCord(image.data, image.grid, {
      contrast: options.contrast,
      seeds: options.seed ?? [],
      offsetMm: options.offsetMm ?? 0,
      onProgress,
      signal: context.signal,
    }),
  );
  return finish(outline, options, { kind: 'nifti', leftOut: [], incomplete: false });
}

async function segmentSeries(
  path: string,
  options: SegmentOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const loaded = await loadInputs(inputPlace(path, options), options.series, context);
  const session = new AnalysisSession();
  addAll(session, loaded);
  const seeds = options.seed ?? [];
  const outline = await outlineWithProgress(session, outlineKey(loaded), seeds, options, context);
  return finish(outline, options, loaded);
}

async function finish(
  outline: CordOutline,
  options: SegmentOptions,
  loaded: Pick<LoadedInputs, 'kind' | 'leftOut' | 'incomplete'>,
): Promise<CommandResult> {
  await writeMask(options.out, outline.mask, voxelOrderOf(loaded));
  const slices = outline.areasMm2.flatMap((area, slice) =>
    outline.contours[slice] ? [{ slice: slice + 1, areaMm2: area }] : [],
  );
  const toCheck = outline.slicesToCheck.map(({ slice, why }) => ({ slice: slice + 1, why }));
  return {
    exitCode: exitCodeFor([], loaded),
    summary: [
      `cord outlined in ${String(slices.length)} slices, ${String(toCheck.length)} to check`,
      ...(outline.areasMissing === undefined ? [] : [`no areas: ${outline.areasMissing}`]),
      `${options.out} written`,
    ],
    details: {
      mask: options.out,
      slices,
      slicesToCheck: toCheck,
      offsetMm: outline.offsetMm ?? 0,
      ...(outline.areasMissing !== undefined && { areasMissing: outline.areasMissing }),
    },
    notDone: [],
    leftOut: loaded.leftOut,
    warnings: toCheck.map(({ slice, why }) => `slice ${String(slice)} needs a look: ${why}`),
  };
}

/** @throws BadUsage when the text is not three whole numbers */
function parseSeed(text: string): Vector3 {
  const parts = text.split(',');
  const [x, y, z] = parts.map(Number);
  const whole = parts.length === 3 && parts.every((part) => /^\d+$/.test(part.trim()));
  if (!whole || x === undefined || y === undefined || z === undefined)
    throw new BadUsage(`--seed ${text}: give three voxel indices from 0, as in --seed 48,18,7`);
  return [x, y, z];
}
