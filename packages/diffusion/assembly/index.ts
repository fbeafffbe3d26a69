// What the host calls. Memory is laid out by the host: everything from `heapStart` up is free.

import { finishChunk } from "./eigen";
import { CHUNK } from "./chunk";
import { fitChunk, flagOf, setTensorDesign, tensorWorkBytes } from "./tensor";

export { setTensorDesign, tensorWorkBytes };
export { biexponentialWorkBytes, fitBiexponential, setBiexponential } from "./biexponential";
export { posteriorWorkBytes, setPosterior, sumPosterior } from "./posterior";

/** First free byte of memory. */
export function heapStart(): usize {
  return __heap_base;
}

/** Voxels per chunk: tiles are multiples of it. */
export function chunkVoxels(): i32 {
  return CHUNK;
}

let signal: usize = 0;
let parameters: usize = 0;
let scale: usize = 0;
let maps: usize = 0;
let status: usize = 0;
let tile: i32 = 0;

/**
 * Where a tile of voxels lies.
 *
 * @param voxels per tile, a multiple of {@link chunkVoxels}
 * @param signalAt f32 `[measurement][voxel]`
 * @param parametersAt f32 or f64 `[voxels / chunk][7][chunk]`
 * @param scaleAt f32 or f64 `[voxel]`
 * @param mapsAt f32 `[8][voxel]`: FA, MD, AD, RD, S0, principal direction
 * @param statusAt u8 `[voxel]`
 */
export function setTensorTile(
  voxels: i32, signalAt: usize, parametersAt: usize, scaleAt: usize, mapsAt: usize, statusAt: usize,
): void {
  tile = voxels;
  signal = signalAt;
  parameters = parametersAt;
  scale = scaleAt;
  maps = mapsAt;
  status = statusAt;
}

/** Fits the first `count` voxels of the tile (and the rest of their chunk). */
export function fitTensorSingle(count: i32, measuredWeights: i32, iterations: i32, bScale: f64): void {
  fitTile<f32>(count, measuredWeights != 0, iterations, bScale);
}

export function fitTensorDouble(count: i32, measuredWeights: i32, iterations: i32, bScale: f64): void {
  fitTile<f64>(count, measuredWeights != 0, iterations, bScale);
}

function fitTile<T extends number>(count: i32, measuredWeights: bool, iterations: i32, bScale: f64): void {
  const stride = <usize>tile << 2;
  for (let from = 0; from < count; from += CHUNK) {
    const p = parameters + <usize>(7 * from) * sizeof<T>();
    const s = scale + <usize>from * sizeof<T>();
    const offset = <usize>from << 2;
    fitChunk<T>(signal + offset, stride, measuredWeights, iterations, p, s);
    finishChunk<T>(p, s, bScale, maps + offset, stride, status + from);
  }
}
