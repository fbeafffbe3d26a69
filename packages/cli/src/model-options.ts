import type { IvimPriorName } from '@myelon/diffusion';
import type { FitOptions, IvimMethod, PreparationChoices, Switch, TensorMethod } from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import { BadUsage } from './exit-code';

/** Which models to fit and how, as the command line says. */
export interface ModelOptions {
  readonly tensor: TensorMethod | 'none';
  readonly tensorIterations?: number;
  readonly positiveDefinite?: true;
  readonly shells?: readonly number[];
  readonly ivim: IvimMethod | 'none';
  readonly splitB?: number;
  readonly prior?: IvimPriorName;
  readonly directions?: 'together' | 'separate';
  readonly noise?: number;
  readonly denoise?: Switch;
  readonly unring?: Switch;
  readonly rician?: Switch;
  readonly motion?: Switch;
  readonly details?: true;
}

/** What is done to the images before the fit, as the command line says; `--motion` alone means on. */
export function addPreparationOptions(command: Command): Command {
  const step = (flag: string, description: string): Option =>
    new Option(`--${flag} [on|off|auto]`, `${description} (auto: by rule; default: off)`)
      .choices(['on', 'off', 'auto'])
      .preset('on');
  return command
    .addOption(step('denoise', 'MP-PCA denoising'))
    .addOption(step('unring', 'Gibbs unringing; only for images that were not interpolated'))
    .addOption(step('rician', 'take the bias of magnitude images off'))
    .addOption(step('motion', 'undo in-plane motion slice by slice, replace slices that lost their signal'));
}

/** The options as the session takes them; null when nothing is to be done. */
export function preparationChoices(options: ModelOptions): PreparationChoices | null {
  const { denoise, unring, rician, motion, noise } = options;
  const chosen = [denoise, unring, rician, motion].some((choice) => choice !== undefined && choice !== 'off');
  if (!chosen) return null;
  return {
    ...(denoise && { denoise }),
    ...(unring && { unring }),
    ...(rician && { rician }),
    ...(motion && { motion }),
    noise,
  };
}

export function addModelOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--tensor <method>',
        'diffusion tensor: ordinary, weighted or non-linear least squares, robust to outliers, or none',
      )
        .choices(['ols', 'wls', 'nlls', 'robust', 'none'])
        .default('wls'),
    )
    .addOption(
      new Option(
        '--tensor-iterations <n>',
        'wls: how often weights are recomputed from the predicted signal (default: 1)',
      ).argParser(wholeNumber('--tensor-iterations', 1, 20)),
    )
    .addOption(new Option('--positive-definite', 'nlls: only tensors without a negative eigenvalue'))
    .addOption(
      new Option(
        '--shells <b,b>',
        'b-values in s/mm2 of the shells that enter the tensor beside b0 (default: by rule, those between 400 and 1500)',
      ).argParser(listOfShells),
    )
    .addOption(
      new Option(
        '--ivim <method>',
        'intravoxel incoherent motion: segmented, bounded least squares, posterior mean, or none',
      )
        .choices(['segmented', 'nlls', 'bayesian', 'none'])
        .default('segmented'),
    )
    .addOption(
      new Option(
        '--split-b <b>',
        'segmented: b-value in s/mm2 from which the signal is free of perfusion (default: 200)',
      ).argParser(positiveNumber('--split-b')),
    )
    .addOption(
      new Option(
        '--prior <prior>',
        'bayesian: what is known beforehand; slice: learned from each slice (default: weak)',
      ).choices(['flat', 'weak', 'slice']),
    )
    .addOption(
      new Option(
        '--directions <how>',
        'IVIM in several directions: fit their geometric mean, or each by itself and average the maps (default: together)',
      ).choices(['together', 'separate']),
    )
    .addOption(
      new Option(
        '--noise <sigma>',
        'standard deviation of the noise in signal units (default: estimated slice by slice)',
      ).argParser(positiveNumber('--noise')),
    )
    .addOption(
      new Option(
        '--details',
        'also write residual, chi-square, mode, outliers, standard errors and intervals',
      ),
    );
}

/** @throws BadUsage when an option belongs to a method that was not chosen */
export function checkModelOptions(options: ModelOptions): void {
  const { tensor, ivim, tensorIterations, positiveDefinite, shells, splitB, prior, directions } = options;
  if (tensor === 'none' && ivim === 'none')
    throw new BadUsage('--tensor none and --ivim none leave nothing to fit');
  const belongs = (given: unknown, option: string, to: boolean, method: string): void => {
    if (given !== undefined && !to) throw new BadUsage(`${option} belongs to ${method}`);
  };
  belongs(tensorIterations, '--tensor-iterations', tensor === 'wls', '--tensor wls');
  belongs(positiveDefinite, '--positive-definite', tensor === 'nlls', '--tensor nlls');
  belongs(shells, '--shells', tensor !== 'none', 'a tensor');
  belongs(splitB, '--split-b', ivim !== 'none', 'an IVIM fit');
  belongs(prior, '--prior', ivim === 'bayesian', '--ivim bayesian');
  belongs(directions, '--directions', ivim !== 'none', 'an IVIM fit');
}

/** The options as the session takes them. */
export function fitOptions(options: ModelOptions): Omit<FitOptions, 'extent'> {
  const { tensor, ivim, tensorIterations, positiveDefinite, shells, splitB, prior, directions } = options;
  return {
    ...(tensor !== 'none' && {
      tensor: {
        method: tensor,
        ...(tensorIterations !== undefined && { iterations: tensorIterations }),
        ...(positiveDefinite && { positiveDefinite }),
        ...(shells && { shells }),
      },
    }),
    ...(ivim !== 'none' && {
      ivim: {
        method: ivim,
        ...(splitB !== undefined && { splitBValue: splitB }),
        ...(prior && { prior }),
        ...(directions === 'separate' && { directions: 'averaged' as const }),
      },
    }),
    ...(options.noise !== undefined && { noise: options.noise }),
    ...(options.details && { details: true }),
  };
}

function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
      throw new BadUsage(`${option} ${text}: give a positive number`);
    return value;
  };
}

function wholeNumber(option: string, from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < from || value > to)
      throw new BadUsage(`${option} ${text}: give a whole number from ${String(from)} to ${String(to)}`);
    return value;
  };
}

function listOfShells(text: string): readonly number[] {
  return text.split(',').map(positiveNumber('--shells'));
}
