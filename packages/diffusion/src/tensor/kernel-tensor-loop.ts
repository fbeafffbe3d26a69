import { signalOfVolume, type DiffusionVolume } from '../data/diffusion-volume';
import { VoxelStatus } from '../data/scalar-map';
import { forEachTile, type FitLoopOptions } from '../fitting/fit-loop';
import { SignalQuality } from '../fitting/log-signal';
import type { KernelInstance } from '../kernels/kernel-module';
import {
  KERNEL_MAPS,
  REFIT,
  TensorKernel,
  type LinearFitPlan,
  type Precision,
} from '../kernels/tensor-kernel';
import type { TensorDesign } from './design-matrix';
import { PARAMETER_STRIDE } from './linear-tensor-fit';
import type { TensorDetailOutput } from './tensor-details';
import type { TensorOutput } from './tensor-output';
import type { FittedTile } from './tensor-tile';

/** Voxels per tile of the kernels: long enough runs for copies, few enough for the cache. */
const KERNEL_TILE = 256;

/** What is fitted, and where the results go. */
export interface TensorSeries {
  readonly volume: DiffusionVolume;
  readonly volumes: readonly number[];
  readonly voxels: Int32Array;
  readonly design: TensorDesign;
  readonly output: TensorOutput;
  readonly details: TensorDetailOutput | null;
}

/** Fits all voxels of a series by the kernels; what single precision may not do for, again in double. */
export async function fitTensorByKernel(
  instance: KernelInstance,
  series: TensorSeries,
  { precision: asked, ...plan }: LinearFitPlan & { readonly precision: Precision },
  { onProgress, signal }: FitLoopOptions,
): Promise<void> {
  // Without a second pass there is nothing that makes good what single precision rounds away in the first.
  const precision = plan.measuredWeights && plan.iterations === 0 ? 'double' : asked;
  const doubtful: number[] = [];
  const loop = async (voxels: Int32Array, of: Precision, options: FitLoopOptions): Promise<void> => {
    const kernel = new TensorKernel(instance, series.design, plan, of, KERNEL_TILE);
    const tile = series.details ? new DetailTile(series.design) : null;
    await forEachTile(
      voxels.length,
      options,
      (from, to) => {
        gatherPlanes(series, kernel, voxels, from, to);
        kernel.fit(to - from);
        for (let at = 0; at < to - from; at++) {
          const voxel = voxels[from + at] ?? 0;
          if (kernel.status[at] === REFIT) doubtful.push(voxel);
          else {
            const status = series.output.take(voxel, kernel, at);
            if (tile) series.details?.write(voxel, tile.take(kernel, at, status), 0, status);
          }
        }
      },
      KERNEL_TILE,
    );
  };
  await loop(series.voxels, precision, {
    signal,
    onProgress: (fraction) => {
      if (fraction < 1) onProgress?.(fraction);
    },
  });
  if (doubtful.length > 0) await loop(Int32Array.from(doubtful), 'double', { signal });
  onProgress?.(1);
}

/** Copies the signals of a tile, measurement by measurement. */
function gatherPlanes(
  { volume, volumes }: TensorSeries,
  { order, signal, tile }: TensorKernel,
  voxels: Int32Array,
  from: number,
  to: number,
): void {
  const first = voxels[from] ?? 0;
  const inARow = (voxels[to - 1] ?? 0) - first === to - from - 1;
  for (let row = 0; row < order.length; row++) {
    const plane = signalOfVolume(volume, volumes[order[row] ?? 0] ?? 0);
    if (inARow) signal.set(plane.subarray(first, first + to - from), row * tile);
    else
      for (let at = from, target = row * tile; at < to; at++, target++)
        signal[target] = plane[voxels[at] ?? 0] ?? 0;
  }
}

/** One voxel at a time of a kernel's tile, as the details want it. */
class DetailTile implements FittedTile {
  readonly quality = new Uint8Array(1);
  readonly singular = new Uint8Array(1);
  readonly parameters = new Float64Array(PARAMETER_STRIDE);
  readonly outliers = null;
  readonly signal: Float64Array;

  constructor(design: TensorDesign) {
    this.signal = new Float64Array(design.rows);
  }

  take(kernel: TensorKernel, at: number, status: VoxelStatus): this {
    const { maps, order, signal, tile } = kernel;
    kernel.parametersOf(at, this.parameters, 0);
    order.forEach((row, position) => (this.signal[row] = signal[position * tile + at] ?? 0));
    const hasValue = maps[KERNEL_MAPS.s0 * tile + at] !== 0;
    this.singular[0] = status === VoxelStatus.singular ? 1 : 0;
    this.quality[0] =
      status !== VoxelStatus.nonPositiveSignal
        ? SignalQuality.good
        : hasValue
          ? SignalQuality.nonPositive
          : SignalQuality.unusable;
    return this;
  }
}
