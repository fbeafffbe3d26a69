// Ordinary and weighted log-linear least squares of the diffusion tensor, the same fit as tensor/linear-tensor-fit.ts,
// with voxels in the lanes of vectors. Every solution is found as a correction of the one before, from residuals: what
// single precision rounds away is then small against the correction and not against the signal.

import { exp, lanes, ln } from "./vector-math";
import { add, bits, bytesPerRow, CHUNK, DOUBTFUL, mul, NON_POSITIVE, sub, UNUSABLE } from "./chunk";
import {
  quadraticSums, solveVector, SUM_Q, SUM_QUARTIC, SUM_RESIDUAL, SUM_RESIDUAL_Q, SUMS,
} from "./normal-equations";
import { sumFive, sumSix } from "./products";

/** A signal that is not positive counts as this fraction of the largest of its voxel. */
const SMALLEST_RELATIVE_SIGNAL: f64 = 1e-6;

/** ln of a weight beyond which single precision is left. */
const DOUBTFUL_EXPONENT: f32 = 30;

/** Numbers of the basis per measurement: q (6), quartic monomials (15), rows of the pseudo-inverse (6). */
const BASIS: usize = 27;
const BASIS_QUARTIC: usize = 6;
const BASIS_INVERSE: usize = 21;

let rows: i32 = 0;
/** Measurements without weighting, which come first. */
let unweighted: i32 = 0;
/** 1 when all weighted measurements have the same b-value: the quartic sums then give the others. */
let oneShell: bool = false;
let basis: usize = 0;
let y: usize = 0;
let w: usize = 0;
let wr: usize = 0;
let sums: usize = 0;
let flags: usize = 0;

/** Bytes of work space for a number of measurements. */
export function tensorWorkBytes(measurements: i32): i32 {
  return (3 * measurements + <i32>SUMS) * CHUNK * 8 + CHUNK * 16;
}

/**
 * @param basisAt `[measurement][27]` in the precision of the fit
 * @param work as many bytes as {@link tensorWorkBytes} says
 */
export function setTensorDesign(measurements: i32, first: i32, single: i32, basisAt: usize, work: usize): void {
  rows = measurements;
  unweighted = first;
  oneShell = single != 0;
  basis = basisAt;
  y = work;
  w = y + <usize>(rows * CHUNK * 8);
  wr = w + <usize>(rows * CHUNK * 8);
  sums = wr + <usize>(rows * CHUNK * 8);
  flags = sums + SUMS * CHUNK * 8;
}

/**
 * Fits one chunk.
 *
 * @param signal f32 `[measurement][voxel]`, rows `stride` bytes apart
 * @param parameters receives ln(S0 / largest signal) and the scaled tensor, T `[7][CHUNK]`
 * @param scale receives the largest signal, T `[CHUNK]`
 */
export function fitChunk<T extends number>(
  signal: usize, stride: usize, measuredWeights: bool, iterations: i32, parameters: usize, scale: usize,
): void {
  takeLogarithms<T>(signal, stride, scale, measuredWeights);
  if (measuredWeights) {
    memory.fill(parameters, 0, 7 * bytesPerRow<T>());
    sumUp<T>();
    solve<T>(parameters);
  } else {
    ordinary<T>(parameters);
  }
  for (let i = 0; i < iterations; i++) {
    weigh<T>(parameters);
    sumUp<T>();
    solve<T>(parameters);
  }
}

@inline
function loadSignals<T extends number>(at: usize): v128 {
  if (sizeof<T>() == 4) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

@inline
function flagsAt(vector: i32): usize {
  return flags + (<usize>vector << 4);
}

/** ln signal relative to the largest; for measured weights also the first weights and weighted residuals. */
function takeLogarithms<T extends number>(signal: usize, stride: usize, scale: usize, measuredWeights: bool): void {
  const rowBytes = bytesPerRow<T>();
  const zero = v128.splat<T>(0);
  for (let vector = 0; vector < CHUNK / lanes<T>(); vector++) {
    const from = signal + <usize>(vector * lanes<T>() * 4);
    const offset = <usize>(vector << 4);
    let largest = zero;
    let smallest = v128.splat<T>(<T>Infinity);
    let finite = zero;
    let at = from;
    for (let row = 0; row < rows; row++) {
      const s = loadSignals<T>(at);
      largest = v128.pmax<T>(largest, s);
      smallest = v128.pmin<T>(smallest, s);
      finite = v128.add<T>(finite, v128.mul<T>(s, zero));
      at += stride;
    }
    const usable = v128.and(v128.eq<T>(finite, zero), v128.gt<T>(largest, zero));
    largest = v128.bitselect(largest, v128.splat<T>(1), usable);
    const positive = v128.gt<T>(smallest, zero);
    let found = v128.bitselect(v128.splat<T>(0), bits<T>(NON_POSITIVE), positive);
    if (sizeof<T>() == 4) {
      const fine = v128.and(
        v128.gt<T>(smallest, v128.mul<T>(largest, v128.splat<T>(<T>1e-5))),
        v128.gt<T>(smallest, v128.splat<T>(<T>1e-30)),
      );
      found = v128.bitselect(found, v128.or(found, bits<T>(DOUBTFUL)), fine);
    }
    v128.store(flagsAt(vector), v128.bitselect(found, bits<T>(UNUSABLE), usable));
    v128.store(scale + offset, largest);
    const relative = v128.div<T>(v128.splat<T>(1), largest);
    const floor = v128.splat<T>(<T>SMALLEST_RELATIVE_SIGNAL);
    at = from;
    let to = offset;
    let total = zero;
    let residuals = zero;
    for (let row = 0; row < rows; row++) {
      let s = loadSignals<T>(at);
      s = sizeof<T>() == 4 ? v128.mul<T>(s, relative) : v128.div<T>(s, largest);
      s = v128.bitselect(s, floor, v128.gt<T>(s, zero));
      s = v128.bitselect(s, v128.splat<T>(1), usable);
      const value = ln<T>(s);
      v128.store(y + to, value);
      if (measuredWeights) {
        const weight = v128.mul<T>(s, s);
        const weighted = v128.mul<T>(weight, value);
        v128.store(w + to, weight);
        v128.store(wr + to, weighted);
        total = v128.add<T>(total, weight);
        residuals = v128.add<T>(residuals, weighted);
      }
      at += stride;
      to += rowBytes;
    }
    v128.store(sums + offset, total);
    v128.store(sums + SUM_RESIDUAL * rowBytes + offset, residuals);
  }
}

/** Ordinary least squares: the tensor by the pseudo-inverse; ln S0 makes the residuals add up to 0. */
function ordinary<T extends number>(parameters: usize): void {
  const rowBytes = bytesPerRow<T>();
  const inverse = basis + BASIS_INVERSE * sizeof<T>();
  for (let at: usize = 0; at < rowBytes; at += 32)
    sumSix<T>(inverse, BASIS * sizeof<T>(), y + at, rowBytes, rows, parameters + rowBytes + at, rowBytes);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    let total = v128.splat<T>(0);
    const p = parameters + at;
    for (let row = 0; row < rows; row++) {
      const decay = exponent<T>(basis + <usize>row * BASIS * sizeof<T>(), p, rowBytes);
      total = v128.add<T>(total, v128.add<T>(v128.load(y + <usize>row * rowBytes + at), decay));
    }
    v128.store(p, v128.div<T>(total, v128.splat<T>(<T>rows)));
  }
}

/** q'D of one measurement. */
@inline
function exponent<T extends number>(q: usize, p: usize, rowBytes: usize): v128 {
  const size = sizeof<T>();
  let e = v128.mul<T>(v128.load_splat<T>(q), v128.load(p + rowBytes));
  e = v128.add<T>(e, v128.mul<T>(v128.load_splat<T>(q + size), v128.load(p + 2 * rowBytes)));
  e = v128.add<T>(e, v128.mul<T>(v128.load_splat<T>(q + 2 * size), v128.load(p + 3 * rowBytes)));
  e = v128.add<T>(e, v128.mul<T>(v128.load_splat<T>(q + 3 * size), v128.load(p + 4 * rowBytes)));
  e = v128.add<T>(e, v128.mul<T>(v128.load_splat<T>(q + 4 * size), v128.load(p + 5 * rowBytes)));
  return v128.add<T>(e, v128.mul<T>(v128.load_splat<T>(q + 5 * size), v128.load(p + 6 * rowBytes)));
}

/** Weights by the predicted attenuation, squared, and weighted residuals. */
function weigh<T extends number>(parameters: usize): void {
  const rowBytes = bytesPerRow<T>();
  const minusTwo = v128.splat<T>(<T>-2);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const p = parameters + at;
    const lnS0 = v128.load(p);
    let total = v128.splat<T>(<T>unweighted);
    let residuals = v128.splat<T>(0);
    let to = at;
    for (let row = 0; row < unweighted; row++) {
      const residual = v128.sub<T>(v128.load(y + to), lnS0);
      v128.store(w + to, v128.splat<T>(1));
      v128.store(wr + to, residual);
      residuals = v128.add<T>(residuals, residual);
      to += rowBytes;
    }
    let q = basis + <usize>unweighted * BASIS * sizeof<T>();
    let widest = v128.splat<T>(0);
    for (let row = unweighted; row < rows; row++) {
      const decay = exponent<T>(q, p, rowBytes);
      const power = v128.mul<T>(minusTwo, decay);
      widest = v128.max<T>(widest, v128.abs<T>(power));
      let weight = exp<T>(power);
      if (sizeof<T>() == 8)
        weight = v128.bitselect(v128.splat<T>(<T>Infinity), weight, v128.gt<T>(power, v128.splat<T>(709)));
      const residual = v128.add<T>(v128.sub<T>(v128.load(y + to), lnS0), decay);
      const weighted = v128.mul<T>(weight, residual);
      v128.store(w + to, weight);
      v128.store(wr + to, weighted);
      total = v128.add<T>(total, weight);
      residuals = v128.add<T>(residuals, weighted);
      to += rowBytes;
      q += BASIS * sizeof<T>();
    }
    if (sizeof<T>() == 4) {
      const flag = flags + at;
      const fine = v128.lt<T>(widest, v128.splat<T>(<T>DOUBTFUL_EXPONENT));
      const found = v128.load(flag);
      v128.store(flag, v128.bitselect(found, v128.or(found, bits<T>(DOUBTFUL)), fine));
    }
    v128.store(sums + at, total);
    v128.store(sums + SUM_RESIDUAL * rowBytes + at, residuals);
  }
}

/** The sums over weighted measurements; those over all are there already. */
function sumUp<T extends number>(): void {
  const rowBytes = bytesPerRow<T>();
  const size = sizeof<T>();
  const q = basis + <usize>unweighted * BASIS * size;
  const quartic = q + BASIS_QUARTIC * size;
  const skipped = <usize>unweighted * rowBytes;
  const n = rows - unweighted;
  for (let at: usize = 0; at < rowBytes; at += 32) {
    const weights = w + skipped + at;
    const to = sums + at;
    sumFive<T>(quartic, BASIS * size, weights, rowBytes, n, to + SUM_QUARTIC * rowBytes, rowBytes);
    sumFive<T>(quartic + 5 * size, BASIS * size, weights, rowBytes, n, to + (SUM_QUARTIC + 5) * rowBytes, rowBytes);
    sumFive<T>(quartic + 10 * size, BASIS * size, weights, rowBytes, n, to + (SUM_QUARTIC + 10) * rowBytes, rowBytes);
    sumSix<T>(q, BASIS * size, wr + skipped + at, rowBytes, n, to + SUM_RESIDUAL_Q * rowBytes, rowBytes);
    if (!oneShell) sumSix<T>(q, BASIS * size, weights, rowBytes, n, to + SUM_Q * rowBytes, rowBytes);
  }
}

/** Solves the normal equations of the residuals (L D L') and adds the solution to the parameters. */
function solve<T extends number>(parameters: usize): void {
  const rowBytes = bytesPerRow<T>();
  for (let at: usize = 0; at < rowBytes; at += 16) {
    if (oneShell) quadraticSums<T>(sums + at);
    solveVector<T>(sums + at, parameters + at, flags + at);
  }
}

/** Flags of one voxel of the chunk. */
@inline
export function flagOf<T extends number>(voxel: i32): u8 {
  return load<u8>(flags + <usize>voxel * sizeof<T>());
}
