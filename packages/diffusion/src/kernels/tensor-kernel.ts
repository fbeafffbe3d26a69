import { determinesTensor, pseudoInverse, type TensorDesign } from '../tensor/design-matrix';
import { momentBasis, SIGNAL_SUMS, WEIGHT_SUMS } from '../tensor/normal-equations';
import type { KernelInstance } from './kernel-module';

/** Arithmetic of a kernel. Single is twice as fast; voxels it may not do for are fitted in double. */
export type Precision = 'single' | 'double';

/** Which linear fit: ordinary or weighted, from measured or from ordinary weights, so many iterations. */
export interface LinearFitPlan {
  readonly measuredWeights: boolean;
  readonly iterations: number;
}

/** Status of a voxel that single precision may not do for. */
export const REFIT = 255;

/** Rows of {@link TensorKernel.maps}. */
export const KERNEL_MAPS = { fa: 0, md: 1, ad: 2, rd: 3, s0: 4, x: 5, y: 6, z: 7 } as const;

const MAPS = 8;
const PARAMETERS = 7;

/** Weighting (6), quartic monomials (15) and rows of the pseudo-inverse (6) of a measurement. */
const BASIS = 27;

/** How far the trace of q may be from 1 for its measurement to belong to the one shell of unit directions. */
const UNIT_TRACE = 1e-12;

/** Linear tensor fit of tiles of voxels in WebAssembly; see packages/diffusion/assembly/tensor.ts. */
export class TensorKernel {
  /** Measurements in the order in which {@link signal} wants them. */
  readonly order: Int32Array;
  /** `[measurement in order][voxel]`; to be filled by the caller. */
  readonly signal: Float32Array;
  /** `[map][voxel]`, 0 where there is no value. */
  readonly maps: Float32Array;
  /** `VoxelStatus` per voxel, or {@link REFIT}. */
  readonly status: Uint8Array;
  private readonly chunk: number;
  private readonly parameters: Float32Array | Float64Array;
  private readonly scale: Float32Array | Float64Array;

  /**
   * @param instance of which this takes everything: one kernel at a time
   * @param tile voxels per tile, a multiple of 32
   */
  constructor(
    private readonly instance: KernelInstance,
    private readonly design: TensorDesign,
    private readonly plan: LinearFitPlan,
    private readonly precision: Precision,
    readonly tile: number,
  ) {
    instance.clear();
    const { exports } = instance;
    const { rows } = design;
    const bytes = precision === 'single' ? 4 : 8;
    const Numbers = precision === 'single' ? Float32Array : Float64Array;
    this.chunk = exports.chunkVoxels();
    this.order = unweightedFirst(design);
    const basis = instance.reserve(rows * BASIS * bytes);
    const work = instance.reserve(exports.tensorWorkBytes(rows));
    const signal = instance.reserve(rows * tile * 4);
    const parameters = instance.reserve(PARAMETERS * tile * bytes);
    const scale = instance.reserve(tile * bytes);
    const maps = instance.reserve(MAPS * tile * 4);
    const status = instance.reserve(tile);
    const { buffer } = exports.memory;
    this.signal = new Float32Array(buffer, signal, rows * tile);
    this.parameters = new Numbers(buffer, parameters, PARAMETERS * tile);
    this.scale = new Numbers(buffer, scale, tile);
    this.maps = new Float32Array(buffer, maps, MAPS * tile);
    this.status = new Uint8Array(buffer, status, tile);
    new Numbers(buffer, basis, rows * BASIS).set(basisOf(design, this.order));
    const unweighted = this.order.filter((row) => traceOf(design, row) === 0).length;
    exports.setTensorDesign(rows, unweighted, isOneShell(design) ? 1 : 0, basis, work);
    exports.setTensorTile(tile, signal, parameters, scale, maps, status);
  }

  /** Fits the first `count` voxels of the tile. */
  fit(count: number): void {
    const { exports } = this.instance;
    const fit = this.precision === 'single' ? exports.fitTensorSingle : exports.fitTensorDouble;
    fit(count, this.plan.measuredWeights ? 1 : 0, this.plan.iterations, this.design.bScale);
  }

  /**
   * ln S0 and the scaled tensor of one voxel of the tile.
   *
   * @param out receives 7 numbers at `to`
   */
  parametersOf(voxel: number, out: Float64Array, to: number): void {
    const { chunk, parameters, scale } = this;
    const at = Math.floor(voxel / chunk) * chunk * PARAMETERS + (voxel % chunk);
    for (let i = 0; i < PARAMETERS; i++) out[to + i] = parameters[at + i * chunk] ?? 0;
    out[to] = (out[to] ?? 0) + Math.log(scale[voxel] ?? 1);
  }
}

function traceOf({ weighting }: TensorDesign, row: number): number {
  return (weighting[6 * row] ?? 0) + (weighting[6 * row + 1] ?? 0) + (weighting[6 * row + 2] ?? 0);
}

function unweightedFirst(design: TensorDesign): Int32Array {
  const all = Array.from({ length: design.rows }, (_, row) => row);
  const isWeighted = (row: number): boolean => traceOf(design, row) !== 0;
  return Int32Array.from([...all.filter((row) => !isWeighted(row)), ...all.filter(isWeighted)]);
}

function isOneShell(design: TensorDesign): boolean {
  return Array.from({ length: design.rows }, (_, row) => traceOf(design, row)).every(
    (trace) => trace === 0 || Math.abs(trace - 1) < UNIT_TRACE,
  );
}

function basisOf(design: TensorDesign, order: Int32Array): Float64Array {
  const { rows, weighting } = design;
  const moments = momentBasis(weighting, rows, WEIGHT_SUMS);
  // Only called for designs that determine a tensor; the pseudo-inverse would be without meaning.
  const inverse = determinesTensor(design) ? pseudoInverse(design, PARAMETERS) : new Float64Array(rows * 7);
  const basis = new Float64Array(rows * BASIS);
  order.forEach((row, at) => {
    basis.set(weighting.subarray(6 * row, 6 * row + 6), at * BASIS);
    basis.set(moments.subarray(row * WEIGHT_SUMS + SIGNAL_SUMS, (row + 1) * WEIGHT_SUMS), at * BASIS + 6);
    basis.set(inverse.subarray(row * PARAMETERS + 1, (row + 1) * PARAMETERS), at * BASIS + 21);
  });
  return basis;
}
