import { join } from 'node:path';
import { describeGradientTable, InputRefused } from '@myelon/diffusion';
import { writeFslGradientTable } from '@myelon/nifti';
import type { Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { makeOutputFolder, writeOutputFile } from '../inputs/files';
import { addFileInputOptions, inputPlace, type InputOptions, type InputPlace } from '../inputs/input-options';
import { loadInputs } from '../inputs/load-inputs';
import type { LoadedSeries } from '../inputs/loaded-inputs';
import { exitCodeFor } from '../outputs/exit-code-for';
import { niftiFile, voxelOrderOf } from '../outputs/write-maps';
import type { Dispatch } from '../program';

interface GradientsOptions extends InputOptions {
  readonly out: string;
  readonly json?: true;
}

export function addGradients(program: Command, dispatch: Dispatch): void {
  const command = program
    .command('gradients')
    .description('write a diffusion series as dwi.nii.gz with dwi.bval and dwi.bvec (FSL convention)')
    .argument('<dwi>', 'folder of DICOM files, or .nii / .nii.gz with --bval and --bvec')
    .requiredOption('--out <folder>', 'where to write');
  addFileInputOptions(command)
    .option('--json', 'print one JSON object')
    .action((dwi: string, options: GradientsOptions) => {
      const place = inputPlace(dwi, options);
      dispatch((context) => gradients(place, options, context), options.json ?? false);
    });
}

async function gradients(
  place: InputPlace,
  options: GradientsOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const loaded = await loadInputs(place, options.series, context);
  const { volume, origin } = theOnlySeries(loaded.series, 'path' in place ? place.path : place.url);
  await makeOutputFolder(options.out);
  const image = niftiFile(
    { grid: volume.grid, volumes: volume.gradients.count, data: volume.signal },
    volume.name,
    voxelOrderOf(loaded),
    'acquired',
  );
  const { bval, bvec } = writeFslGradientTable(volume.gradients, image.grid);
  await writeOutputFile(join(options.out, 'dwi.nii.gz'), image.bytes);
  await writeOutputFile(join(options.out, 'dwi.bval'), bval);
  await writeOutputFile(join(options.out, 'dwi.bvec'), bvec);
  const description = describeGradientTable(volume.gradients);
  const { columns, rows, slices } = volume.grid;
  return {
    exitCode: exitCodeFor([], loaded),
    summary: [`${volume.name}: ${description}`, `dwi.nii.gz, dwi.bval, dwi.bvec written to ${options.out}`],
    details: {
      series: volume.name,
      source: origin.source,
      description,
      size: [columns, rows, slices, volume.gradients.count],
      files: ['dwi.nii.gz', 'dwi.bval', 'dwi.bvec'],
    },
    notDone: [],
    leftOut: loaded.leftOut,
    warnings: origin.warnings,
  };
}

function theOnlySeries(series: readonly LoadedSeries[], where: string): LoadedSeries {
  const [first, ...others] = series;
  if (!first) throw new InputRefused('no diffusion series', where, 'give a folder with a diffusion series');
  if (others.length > 0) {
    const names = series.map(({ key, volume }) => `"${volume.name}" (${key})`).join(', ');
    throw new InputRefused(
      `${String(series.length)} diffusion series: ${names}`,
      where,
      'name one with --series UID',
    );
  }
  return first;
}
