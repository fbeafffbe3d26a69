import { KERNEL_BYTES_BASE64 } from './kernel-bytes';

/** Version of the kernels, for records: goes up whenever their results may change. */
export const KERNEL_VERSION = '1';

/** What the kernels offer, as packages/diffusion/assembly/index.ts says. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  chunkVoxels(): number;
  tensorWorkBytes(measurements: number): number;
  setTensorDesign(
    measurements: number,
    unweighted: number,
    oneShell: number,
    basis: number,
    work: number,
  ): void;
  setTensorTile(
    voxels: number,
    signal: number,
    parameters: number,
    scale: number,
    maps: number,
    status: number,
  ): void;
  fitTensorSingle(count: number, measuredWeights: number, iterations: number, bScale: number): void;
  fitTensorDouble(count: number, measuredWeights: number, iterations: number, bScale: number): void;
  biexponentialWorkBytes(cells: number): number;
  setBiexponential(
    bValues: number,
    b: number,
    cells: number,
    rates: number,
    tables: number,
    signal: number,
    work: number,
    highestD: number,
    lowestLnDStar: number,
    highestLnDStar: number,
  ): void;
  fitBiexponential(out: number): void;
  posteriorWorkBytes(bValues: number): number;
  setPosterior(bValues: number, b: number, axes: number, totals: number, work: number): void;
  sumPosterior(enough: number, precision: number, lnPriorOfOptimum: number): void;
}

const PAGE_BYTES = 65536;

/** Memory an instance has from the start. Views stay whole as long as no more is reserved. */
const FIRST_PAGES = 32;

let compiled: Promise<WebAssembly.Module | null> | null = null;

/** The kernels, compiled once; null where WebAssembly with SIMD is missing or forbidden. */
export function kernelModule(): Promise<WebAssembly.Module | null> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module | null> {
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = Uint8Array.from(atob(KERNEL_BYTES_BASE64), (character) => character.charCodeAt(0));
  try {
    return WebAssembly.validate(bytes) ? await WebAssembly.compile(bytes) : null;
  } catch (error) {
    // A content security policy may forbid WebAssembly: the reference fits then.
    if (error instanceof WebAssembly.CompileError || error instanceof EvalError) return null;
    throw error;
  }
}

/** One instance of the kernels with memory of its own, handed out piece by piece. */
export class KernelInstance {
  readonly exports: KernelExports;
  private next: number;

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as KernelExports;
    this.next = this.exports.heapStart();
    this.exports.memory.grow(FIRST_PAGES);
  }

  /** Reserves bytes, aligned for vectors. Views made before become empty: make them when all is reserved. */
  reserve(bytes: number): number {
    const at = Math.ceil(this.next / 64) * 64;
    this.next = at + bytes;
    const { memory } = this.exports;
    const missing = this.next - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** Forgets everything reserved. */
  clear(): void {
    this.next = this.exports.heapStart();
  }
}

const idle: KernelInstance[] = [];

/** Runs work with an instance nobody else uses meanwhile. Instances are kept: their memory is slow to come and go. */
export async function withKernels<Value>(
  module: WebAssembly.Module,
  work: (instance: KernelInstance) => Promise<Value>,
): Promise<Value> {
  const instance = idle.pop() ?? new KernelInstance(module);
  try {
    return await work(instance);
  } finally {
    instance.clear();
    idle.push(instance);
  }
}
