import {
  checkSignal,
  InputRefused,
  ivimFit,
  ivimVerdict,
  tensorFit,
  tensorVerdict,
  tensorVolumesByRule,
  tensorVolumesOfShells,
  VoxelStatus,
  whyNoPerfusion,
  type DiffusionVolume,
  type FitRunner,
  type GradientTable,
  type IvimMethod,
  type IvimPriorName,
  type ScalarMap,
  type TensorMethod,
  type Verdict,
} from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { ivimDetails, NO_DETAILS, tensorDetails, type ModelDetails } from './fit-details';

export type { IvimMethod, TensorMethod };

export type TensorReport = NonNullable<AnalysisRecord['tensor']>;
export type IvimReport = NonNullable<AnalysisRecord['ivim']>;

/** Called with the done fraction, 0 to 1. */
export type ProgressListener = (fraction: number) => void;

/** How the tensor is fitted; every field has a default. */
export interface TensorChoices {
  /** Default 'wls'. */
  readonly method?: TensorMethod;
  /** Weighted fit: how often weights are recomputed from the predicted signal. Default 1. */
  readonly iterations?: number;
  /** Non-linear fit: no negative eigenvalue. Default false. */
  readonly positiveDefinite?: boolean;
  /** b-values in s/mm2 of the shells that enter beside b0; by rule without it. */
  readonly shells?: readonly number[];
}

/** How IVIM is fitted; every field has a default. */
export interface IvimChoices {
  /** Default 'segmented'. */
  readonly method?: IvimMethod;
  /** b-value in s/mm2 from which the signal is taken as free of perfusion. */
  readonly splitBValue?: number;
  /** Bayesian fit: what is known beforehand; 'slice' is learned from each slice. Default 'weak'. */
  readonly prior?: IvimPriorName;
  /** Several directions: fit their geometric mean (default), or each by itself and average the maps. */
  readonly directions?: 'geometric-mean' | 'averaged';
}

/** What one model gave. */
export interface ModelFit<Report> {
  readonly maps: readonly ScalarMap[];
  readonly report: Report;
  readonly warnings: readonly string[];
  readonly details: ModelDetails;
}

export interface FitControl {
  /** 1 per voxel to fit. */
  readonly mask: Uint8Array;
  /** Standard deviation of the noise in signal units; estimated without it. */
  readonly noise?: number | undefined;
  /** Also what tells how the fit went: residuals, standard errors, intervals. */
  readonly details: boolean;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly runner?: FitRunner | undefined;
  /** Slices a runner does first: those of the cord. */
  readonly firstSlices?: readonly number[] | undefined;
}

/**
 * FA, MD, AD, RD and S0, with the principal direction of each voxel.
 * @throws InputRefused when the series cannot serve a tensor
 */
export async function fitTensor(
  volume: DiffusionVolume,
  { method = 'wls', iterations, positiveDefinite, shells }: TensorChoices,
  control: FitControl,
): Promise<ModelFit<TensorReport> & { principalDirections: Float32Array }> {
  const { gradients } = volume;
  const findings = checkSignal(volume);
  const wanted = shells ? tensorVolumesOfShells(gradients, shells) : tensorVolumesByRule(gradients);
  const volumes = wanted.filter((index) => !findings.emptyVolumes.includes(index));
  const warnings = refuseUnlessPossible(tensorVerdict(gradients.select(volumes)), volume.name);
  const fit = await tensorFit(volume, { ...control, method, iterations, positiveDefinite, volumes });
  const { maps, principalDirections, report, details } = fit;
  refuseUnlessFitted(report, volume.name);
  const all = [maps.fa, maps.md, maps.ad, maps.rd, maps.s0];
  return {
    maps: all,
    principalDirections,
    report: {
      ...report,
      shells: `${describeShells(gradients, volumes)}, ${shells ? 'as asked' : 'by rule'}`,
      atBoundVoxels: countAtBound([maps.fa]),
      ...(details && { noise: [...details.noise], noiseMethod: details.noiseMethod }),
    },
    warnings: [...warnings, ...findings.warnings],
    details: details ? tensorDetails(maps, details) : NO_DETAILS,
  };
}

/**
 * D, D*, f, S0 and ADC; without f and D* where the images cannot tell them.
 * @throws InputRefused when the series cannot serve IVIM
 */
export async function fitIvim(
  volume: DiffusionVolume,
  { method = 'segmented', splitBValue, prior, directions }: IvimChoices,
  control: FitControl,
): Promise<ModelFit<IvimReport>> {
  const { gradients } = volume;
  const findings = checkSignal(volume);
  const volumes = [...gradients.bValues.keys()].filter((index) => !findings.emptyVolumes.includes(index));
  const table = gradients.select(volumes);
  const warnings = [
    ...refuseUnlessPossible(ivimVerdict(table, splitBValue), volume.name),
    ...findings.warnings,
  ];
  const fit = await ivimFit(volume, { ...control, method, splitBValue, prior, directions, volumes });
  const { maps, report, details, learnedPriors } = fit;
  refuseUnlessFitted(report, volume.name);
  const all = [maps.ivim_d, maps.ivim_dstar, maps.ivim_f, maps.ivim_s0, maps.adc];
  const why = whyNoPerfusion(table);
  const refused =
    why === null ? [] : (['ivim_f', 'ivim_dstar'] as const).map((quantity) => ({ quantity, why }));
  const kept = all.filter((map) => !refused.some(({ quantity }) => quantity === map.quantity));
  return {
    maps: kept,
    report: {
      ...report,
      ...(learnedPriors && { learnedPriors: [...learnedPriors] }),
      atBoundVoxels: countAtBound(kept),
      ...(refused.length > 0 && { refused }),
      ...(details && { noise: [...details.noise], noiseMethod: details.noiseMethod }),
    },
    warnings: why === null ? warnings : [...warnings, `f and D* are not given: ${why}`],
    details: ivimDetails(fit, new Set(kept.map(({ quantity }) => quantity))),
  };
}

function refuseUnlessPossible(verdict: Verdict, name: string): readonly string[] {
  if (!verdict.possible) throw new InputRefused(verdict.why, name, verdict.whatToDo);
  return verdict.warnings;
}

function refuseUnlessFitted(
  report: { readonly fittedVoxels: number; readonly failedVoxels: number },
  name: string,
): void {
  if (report.fittedVoxels > 0) return;
  throw new InputRefused(
    `none of ${String(report.failedVoxels)} voxels could be fitted: no signal there is positive`,
    name,
    'check that images and mask belong together',
  );
}

/** "b 0 (5 volumes), b 800 (30 volumes)". */
function describeShells(gradients: GradientTable, volumes: readonly number[]): string {
  return gradients
    .select(volumes)
    .shells()
    .map((shell) => `b ${shell.bValue.toFixed(0)} (${String(shell.volumes.length)} volumes)`)
    .join(', ');
}

function countAtBound(maps: readonly ScalarMap[]): NonNullable<TensorReport['atBoundVoxels']> {
  const count = ({ status }: ScalarMap): number =>
    status.reduce((sum, one) => sum + (one === VoxelStatus.atBound ? 1 : 0), 0);
  return Object.fromEntries(maps.map((map) => [map.quantity, count(map)]));
}
