import { join } from 'node:path';
import { InputRefused, type FitPool } from '@myelon/diffusion';
import { AnalysisSession } from '@myelon/pipeline';
import type { Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { makeOutputFolder, writeOutputFile } from '../inputs/files';
import { addFileInputOptions, inputPlace, type InputOptions, type InputPlace } from '../inputs/input-options';
import { loadInputs } from '../inputs/load-inputs';
import { loadMask } from '../inputs/mask-input';
import {
  addModelOptions,
  addPreparationOptions,
  checkModelOptions,
  type ModelOptions,
} from '../model-options';
import { addAll, fitWithProgress, planModels, prepareWithProgress, refusedQuantities } from '../models';
import { exitCodeFor } from '../outputs/exit-code-for';
import { writeFits } from '../outputs/write-fits';
import { voxelOrderOf } from '../outputs/write-maps';
import type { Dispatch } from '../program';
import { addWorkerOptions, withWorkers, type WorkerOptions } from '../workers/worker-threads';

interface FitCommandOptions extends InputOptions, ModelOptions, WorkerOptions {
  readonly out: string;
  readonly mask?: string;
  readonly json?: true;
}

export function addFit(program: Command, dispatch: Dispatch): void {
  const command = program
    .command('fit')
    .description(
      'fit the diffusion tensor (fa, md, ad, rd, s0) and IVIM (ivim_d, ivim_dstar, ivim_f, ivim_s0, adc): ' +
        'maps as .nii.gz on the input grid in mm2/s and fractions, 0 where there is no value, and fit.json',
    )
    .argument('<dwi>', 'folder of DICOM files, or .nii / .nii.gz with --bval and --bvec')
    .requiredOption('--out <folder>', 'where to write')
    .option('--mask <file>', 'fit only where this NIfTI mask is not zero (default: every voxel)');
  addWorkerOptions(addPreparationOptions(addModelOptions(addFileInputOptions(command))))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nA model no series can serve makes the exit code 4: leave it out with --tensor none or --ivim none.',
    )
    .action((dwi: string, options: FitCommandOptions) => {
      checkModelOptions(options);
      const place = inputPlace(dwi, options);
      dispatch(
        (context) => withWorkers(options, (pool) => fit(place, options, pool, context)),
        options.json ?? false,
      );
    });
}

async function fit(
  place: InputPlace,
  options: FitCommandOptions,
  pool: FitPool | null,
  context: CommandContext,
): Promise<CommandResult> {
  const where = 'path' in place ? place.path : place.url;
  const loaded = await loadInputs(place, options.series, context);
  const plan = planModels(loaded, options, options.mask === undefined ? 'all' : 'mask', where);
  const session = new AnalysisSession(pool);
  addAll(session, loaded);
  if (options.mask !== undefined) {
    session.setMask(
      await loadMask(
        options.mask,
        loaded.series.map(({ volume }) => volume),
      ),
    );
  }
  await prepareWithProgress(session, plan.request, options, context);
  const outcome = await fitWithProgress(session, plan.request, context);
  if (outcome.maps.length === 0) throw new InputRefused('no maps', where, 'report this as a defect');
  await makeOutputFolder(options.out);
  const files = await writeFits(options.out, outcome, voxelOrderOf(loaded), options.details ?? false);
  const notDone = [...plan.notDone, ...refusedQuantities(outcome)];
  const provenance = {
    ...session.describeFits(),
    mask: options.mask ?? null,
    notDone,
    leftOut: loaded.leftOut,
    files,
  };
  await writeOutputFile(join(options.out, 'fit.json'), `${JSON.stringify(provenance, null, 2)}\n`);
  return {
    exitCode: exitCodeFor(notDone, loaded),
    summary: [
      ...(plan.chosen.tensor === null
        ? []
        : [`tensor: ${outcome.tensor?.method ?? ''}, ${plan.chosen.tensor}`]),
      ...(plan.chosen.ivim === null ? [] : [`IVIM: ${outcome.ivim?.method ?? ''}, ${plan.chosen.ivim}`]),
      `${[...files, 'fit.json'].join(', ')} written to ${options.out}`,
    ],
    details: {
      files: [...files, 'fit.json'],
      tensor: outcome.tensor,
      ivim: outcome.ivim,
      series: plan.chosen,
    },
    notDone,
    leftOut: loaded.leftOut,
    warnings: [...outcome.warnings, ...loaded.series.flatMap(({ origin }) => origin.warnings)],
  };
}
