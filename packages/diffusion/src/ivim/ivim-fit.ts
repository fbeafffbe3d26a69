import type { DiffusionVolume } from '../data/diffusion-volume';
import { InputRefused } from '../data/refusal';
import { VoxelStatus, type ScalarMap } from '../data/scalar-map';
import {
  checkVolumeChoice,
  emptyMap,
  forEachTile,
  TILE_VOXELS,
  voxelsToFit,
  type FitLoopOptions,
} from '../fitting/fit-loop';
import { SignalQuality } from '../fitting/log-signal';
import { AveragedBValues } from './averaged-b-values';
import { IVIM_CONVENTION } from './ivim-model';
import { DEFAULT_SPLIT_B_VALUE, ivimVerdict } from './ivim-verdict';
import { MonoexponentialFit } from './monoexponential-fit';
import { PerfusionRefit } from './perfusion-refit';

/** Largest D in mm2/s: well above free water at body temperature (3.0e-3). */
const D_TO = 5e-3;

export interface IvimFitOptions extends FitLoopOptions {
  /** One number per voxel, non-zero = fit; all voxels without it. */
  readonly mask?: Uint8Array | undefined;
  /** Volumes that enter the fit; all without it. */
  readonly volumes?: readonly number[] | undefined;
  readonly method: 'segmented';
  /** b-value in s/mm2 from which the signal is taken as free of perfusion. Default 200. */
  readonly splitBValue?: number | undefined;
}

export type IvimQuantity = 'ivim_d' | 'ivim_dstar' | 'ivim_f' | 'ivim_s0' | 'adc';

export interface IvimFitReport {
  readonly method: string;
  readonly splitBValue: number;
  /** Volumes used. */
  readonly volumes: number[];
  /** How directions were treated. */
  readonly directions: string;
  readonly convention: string;
  readonly fittedVoxels: number;
  /** Voxels of the mask without a value. */
  readonly failedVoxels: number;
}

export interface IvimFitResult {
  readonly maps: Readonly<Record<IvimQuantity, ScalarMap>>;
  readonly report: IvimFitReport;
}

/**
 * Segmented fit of intravoxel incoherent motion, `S = S0 [f exp(-b D*) + (1 - f) exp(-b D)]`.
 *
 * Signals of one b-value are averaged geometrically over directions and repeats. D comes from the b-values from
 * `splitBValue` up (log-linear, weights by predicted signal); then S0, f and D* are refitted to all b-values with D
 * fixed. Series without b0 are fitted as they are: S0 is a parameter. ADC is monoexponential over all b-values.
 *
 * Bounds: D 0..5e-3, f 0..1, D* 4e-3..0.1 mm2/s and at least 2 D. A parameter at its bound, and f and D* when D is at
 * its bound, have status `atBound`. Where f is 0 there is no D* (`singular`, 0). Voxels with a signal <= 0 are
 * `nonPositiveSignal`, as in the tensor fit.
 *
 * Le Bihan et al., Radiology 1988;168:497-505; segmented: Luciani et al., Radiology 2008;249:891-899.
 *
 * @throws InputRefused when the table carries no IVIM, or mask or volumes are wrong
 * @throws the reason of `options.signal` when cancelled
 */
export async function ivimFit(volume: DiffusionVolume, options: IvimFitOptions): Promise<IvimFitResult> {
  const splitBValue = options.splitBValue ?? DEFAULT_SPLIT_B_VALUE;
  const volumes = [...(options.volumes ?? volume.gradients.bValues.keys())];
  checkVolumeChoice(volume, volumes);
  const verdict = ivimVerdict(volume.gradients.select(volumes), splitBValue);
  if (!verdict.possible) throw new InputRefused(verdict.why, volume.name, verdict.whatToDo);
  const averaged = new AveragedBValues(volume.gradients, volumes, TILE_VOXELS);
  const fit = new SegmentedTile(averaged, splitBValue);
  const method = `segmented, b ${String(splitBValue)} s/mm2 and above for D; S0, f and D* refitted with D fixed`;
  const output = new IvimOutput(volume, method);
  const voxels = voxelsToFit(volume, options.mask);
  await forEachTile(voxels.length, options, (from, to) => {
    const quality = averaged.logAverages(volume, voxels, from, to, fit.logSignal);
    fit.prepare(to - from);
    for (let at = 0; at < to - from; at++) output.write(voxels[from + at] ?? 0, fit, at, quality[at] ?? 0);
  });
  return output.result(
    { method, splitBValue, volumes, directions: averaged.description, convention: IVIM_CONVENTION },
    voxels.length,
  );
}

/** Segmented fit of a tile of voxels; allocates nothing per tile. */
class SegmentedTile {
  /** ln of the averaged signals, `[voxel][b-value]`; to be filled by the caller. */
  readonly logSignal: Float64Array;
  readonly refit: PerfusionRefit;
  /** D of each voxel within its bounds; NaN when it is not determined. */
  readonly d = new Float64Array(TILE_VOXELS);
  readonly dAtBound = new Uint8Array(TILE_VOXELS);
  /** Largest ln signal of each voxel: the scale of the refit. */
  readonly lnScale = new Float64Array(TILE_VOXELS);
  readonly adc: MonoexponentialFit;
  private readonly high: MonoexponentialFit;

  constructor(
    private readonly averaged: AveragedBValues,
    splitBValue: number,
  ) {
    const { bValues, repeats } = averaged;
    this.logSignal = new Float64Array(TILE_VOXELS * averaged.count);
    this.refit = new PerfusionRefit(bValues, repeats, TILE_VOXELS);
    this.adc = new MonoexponentialFit(bValues, repeats, 0);
    this.high = new MonoexponentialFit(
      bValues,
      repeats,
      bValues.findIndex((b) => b >= splitBValue),
    );
  }

  /** D of every voxel, and what the refit needs. */
  prepare(voxels: number): void {
    const { averaged, logSignal, refit } = this;
    const n = averaged.count;
    for (let voxel = 0; voxel < voxels; voxel++) {
      const at = voxel * n;
      const solved = this.high.fit(logSignal, at);
      const d = Math.min(Math.max(this.high.diffusivity, 0), D_TO);
      this.d[voxel] = solved ? d : Number.NaN;
      this.dAtBound[voxel] = d === this.high.diffusivity ? 0 : 1;
      let largest = -Infinity;
      for (let i = at; i < at + n; i++) largest = Math.max(largest, logSignal[i] ?? 0);
      this.lnScale[voxel] = largest;
      for (let i = 0; i < n; i++) {
        refit.signal[at + i] = Math.exp((logSignal[at + i] ?? 0) - largest);
        refit.decay[at + i] = Math.exp(-d * (averaged.bValues[i] ?? 0));
      }
    }
    refit.prepareTile();
  }
}

/** The maps being filled. */
class IvimOutput {
  private readonly maps: Readonly<Record<IvimQuantity, ScalarMap>>;
  private failed = 0;

  constructor(volume: DiffusionVolume, method: string) {
    this.maps = {
      ivim_d: emptyMap(volume, 'ivim_d', method),
      ivim_dstar: emptyMap(volume, 'ivim_dstar', method),
      ivim_f: emptyMap(volume, 'ivim_f', method),
      ivim_s0: emptyMap(volume, 'ivim_s0', method),
      adc: emptyMap(volume, 'adc', 'monoexponential over all b-values, weights by predicted signal'),
    };
  }

  write(voxel: number, fit: SegmentedTile, at: number, quality: number): void {
    const { refit } = fit;
    const d = fit.d[at] ?? Number.NaN;
    if (quality === SignalQuality.unusable) return this.fail(voxel, VoxelStatus.nonPositiveSignal);
    if (Number.isNaN(d) || !refit.fit(at, d)) return this.fail(voxel, VoxelStatus.singular);
    const { perfused, unperfused, dStar } = refit;
    const scale = Math.exp(fit.lnScale[at] ?? 0);
    const total = perfused + unperfused;
    if (!(total > 0) || !Number.isFinite(total * scale)) return this.fail(voxel, VoxelStatus.singular);
    const flagged = quality === SignalQuality.nonPositive;
    const dAtBound = fit.dAtBound[at] !== 0;
    const fAtBound = dAtBound || perfused <= 0 || unperfused <= 0;
    this.set('ivim_d', voxel, d, dAtBound, flagged);
    this.set('ivim_s0', voxel, total * scale, false, flagged);
    this.set('ivim_f', voxel, perfused / total, fAtBound, flagged);
    if (perfused > 0) this.set('ivim_dstar', voxel, dStar, fAtBound || refit.dStarAtBound, flagged);
    else this.maps.ivim_dstar.status[voxel] = VoxelStatus.singular;
    this.writeAdc(voxel, fit, at, flagged);
  }

  result(report: Omit<IvimFitReport, 'fittedVoxels' | 'failedVoxels'>, voxels: number): IvimFitResult {
    return {
      maps: this.maps,
      report: { ...report, fittedVoxels: voxels - this.failed, failedVoxels: this.failed },
    };
  }

  private writeAdc(voxel: number, fit: SegmentedTile, at: number, flagged: boolean): void {
    const { adc } = fit;
    if (!adc.fit(fit.logSignal, at * (fit.logSignal.length / TILE_VOXELS))) {
      this.maps.adc.status[voxel] = VoxelStatus.singular;
      return;
    }
    this.set('adc', voxel, Math.max(adc.diffusivity, 0), adc.diffusivity < 0, flagged);
  }

  private set(
    quantity: IvimQuantity,
    voxel: number,
    value: number,
    atBound: boolean,
    flagged: boolean,
  ): void {
    this.maps[quantity].values[voxel] = value;
    this.maps[quantity].status[voxel] = flagged
      ? VoxelStatus.nonPositiveSignal
      : atBound
        ? VoxelStatus.atBound
        : VoxelStatus.valid;
  }

  private fail(voxel: number, status: VoxelStatus): void {
    this.failed++;
    for (const map of Object.values(this.maps)) map.status[voxel] = status;
  }
}
