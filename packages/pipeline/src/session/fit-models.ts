import {
  InputRefused,
  ivimFit,
  ivimVerdict,
  tensorFit,
  tensorVerdict,
  tensorVolumesByRule,
  type DiffusionVolume,
  type ScalarMap,
  type Verdict,
} from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';

export type TensorMethod = 'ols' | 'wls';
export type IvimMethod = 'segmented';

export type TensorReport = NonNullable<AnalysisRecord['tensor']>;
export type IvimReport = NonNullable<AnalysisRecord['ivim']>;

/** Called with the done fraction, 0 to 1. */
export type ProgressListener = (fraction: number) => void;

/** What one model gave. */
export interface ModelFit<Report> {
  readonly maps: readonly ScalarMap[];
  readonly report: Report;
  readonly warnings: readonly string[];
}

interface FitControl {
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * FA, MD, AD, RD and S0, with the principal direction of each voxel.
 * @param mask 1 per voxel to fit
 * @throws InputRefused when the series cannot serve a tensor
 */
export async function fitTensor(
  volume: DiffusionVolume,
  method: TensorMethod,
  mask: Uint8Array,
  control: FitControl,
): Promise<ModelFit<TensorReport> & { principalDirections: Float32Array }> {
  const warnings = refuseUnlessPossible(tensorVerdict(volume.gradients), volume.name);
  const { maps, principalDirections, report } = await tensorFit(volume, {
    mask,
    method,
    volumes: tensorVolumesByRule(volume.gradients),
    ...given(control),
  });
  return { maps: [maps.fa, maps.md, maps.ad, maps.rd, maps.s0], principalDirections, report, warnings };
}

/**
 * D, D*, f, S0 and ADC.
 * @param mask 1 per voxel to fit
 * @throws InputRefused when the series cannot serve IVIM
 */
export async function fitIvim(
  volume: DiffusionVolume,
  options: { method: IvimMethod; splitBValue?: number | undefined },
  mask: Uint8Array,
  control: FitControl,
): Promise<ModelFit<IvimReport>> {
  const warnings = refuseUnlessPossible(ivimVerdict(volume.gradients), volume.name);
  const { maps, report } = await ivimFit(volume, {
    mask,
    method: options.method,
    ...(options.splitBValue === undefined ? {} : { splitBValue: options.splitBValue }),
    ...given(control),
  });
  return {
    maps: [maps.ivim_d, maps.ivim_dstar, maps.ivim_f, maps.ivim_s0, maps.adc],
    report,
    warnings,
  };
}

function refuseUnlessPossible(verdict: Verdict, name: string): readonly string[] {
  if (!verdict.possible) throw new InputRefused(verdict.why, name, verdict.whatToDo);
  return verdict.warnings;
}

/** Only what is given: exact optional properties take no `undefined`. */
function given({ onProgress, signal }: FitControl): { onProgress?: ProgressListener; signal?: AbortSignal } {
  return { ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}) };
}
