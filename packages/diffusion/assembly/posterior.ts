// Sums of the IVIM posterior over a grid of cells of D, f and ln D*: the inner loops of ivim/posterior-fit.ts. Exponents are
// found in double precision, their exponentials and what follows in single.

import { exp } from "./vector-math";

const D_CELLS: i32 = 20;
const F_CELLS: i32 = 20;
const DSTAR_CELLS: i32 = 18;
const DSTAR_OVER_D: f64 = 2;

/** Cells this much less likely than the least-squares fit, in ln, count as 0. */
const NEGLIGIBLE: f64 = -30;

let count: i32 = 0;
let bValues: usize = 0;
let repeats: usize = 0;
let signal: usize = 0;
let dAxis: usize = 0;
let fAxis: usize = 0;
let dStarAxis: usize = 0;
let totals: usize = 0;
let work: usize = 0;

/** Bytes of work space for a number of b-values. */
export function posteriorWorkBytes(n: i32): i32 {
  return (D_CELLS + DSTAR_CELLS) * (2 * n + 2) * 8 + F_CELLS * 4 + 64;
}

/**
 * @param n b-values: an even number, the last of which may have no repeats
 * @param bAt f64: b-values, repeats, signal, n each
 * @param axesAt f64: of D, f and ln D* each the values, the ln prior densities and the masses (to be filled)
 * @param totalsAt f64: receives the sum of all masses and that of mass x S0
 */
export function setPosterior(n: i32, bAt: usize, axesAt: usize, totalsAt: usize, workAt: usize): void {
  count = n;
  bValues = bAt;
  repeats = bAt + (<usize>n << 3);
  signal = bAt + (<usize>n << 4);
  dAxis = axesAt;
  fAxis = dAxis + D_CELLS * 24;
  dStarAxis = fAxis + F_CELLS * 24;
  totals = totalsAt;
  work = workAt;
}

/** Decays exp(-b rate), and their weighted products with themselves and the signal. */
function fillDecay(rate: f64, decays: usize, products: usize): void {
  let squared = f64x2.splat(0);
  let product = f64x2.splat(0);
  const minus = f64x2.splat(-rate);
  for (let k: usize = 0; k < <usize>count << 3; k += 16) {
    const decay = exp<f64>(f64x2.mul(v128.load(bValues + k), minus));
    const weighted = f64x2.mul(v128.load(repeats + k), decay);
    v128.store(decays + k, decay);
    squared = f64x2.add(squared, f64x2.mul(weighted, decay));
    product = f64x2.add(product, f64x2.mul(weighted, v128.load(signal + k)));
  }
  store<f64>(products, f64x2.extract_lane(squared, 0) + f64x2.extract_lane(squared, 1));
  store<f64>(products, f64x2.extract_lane(product, 0) + f64x2.extract_lane(product, 1), 8);
}

function scalarExp(x: f64): f64 {
  return f64x2.extract_lane(exp<f64>(f64x2.splat(x)), 0);
}

/**
 * Sums over all cells.
 *
 * @param enough squared signal that the least-squares fit explains
 * @param precision half of the inverse variance of the noise
 * @param lnPriorOfOptimum subtracted from the ln prior
 */
export function sumPosterior(enough: f64, precision: f64, lnPriorOfOptimum: f64): void {
  const row = <usize>count << 3;
  const slow = work;
  const fast = slow + <usize>D_CELLS * row;
  const slowProducts = fast + <usize>DSTAR_CELLS * row;
  const fastProducts = slowProducts + D_CELLS * 16;
  const fMass = (fastProducts + DSTAR_CELLS * 16 + 15) & ~15;
  const dMass = dAxis + D_CELLS * 16;
  const dStarMass = dStarAxis + DSTAR_CELLS * 16;
  for (let i = 0; i < D_CELLS; i++)
    fillDecay(load<f64>(dAxis + (<usize>i << 3)), slow + <usize>i * row, slowProducts + (<usize>i << 4));
  memory.fill(dMass, 0, D_CELLS * 8);
  memory.fill(fMass, 0, F_CELLS * 4);
  let highest: f64 = -Infinity;
  for (let k = 0; k < F_CELLS; k++) highest = max(highest, load<f64>(fAxis + <usize>(F_CELLS + k) * 8));
  let total: f64 = 0;
  let totalS0: f64 = 0;
  for (let j = 0; j < DSTAR_CELLS; j++) {
    const dStar = scalarExp(load<f64>(dStarAxis + (<usize>j << 3)));
    const fastRow = fast + <usize>j * row;
    const fastAt = fastProducts + (<usize>j << 4);
    fillDecay(dStar, fastRow, fastAt);
    const ee = load<f64>(fastAt);
    const es = load<f64>(fastAt, 8);
    const lnPriorDStar = load<f64>(dStarAxis + <usize>(DSTAR_CELLS + j) * 8) - lnPriorOfOptimum;
    let massOfDStar: f64 = 0;
    for (let i = 0; i < D_CELLS; i++) {
      if (!(dStar >= DSTAR_OVER_D * load<f64>(dAxis + (<usize>i << 3)))) continue;
      const slowAt = slowProducts + (<usize>i << 4);
      const dd = load<f64>(slowAt);
      const ds = load<f64>(slowAt, 8);
      const ed = crossed(slow + <usize>i * row, fastRow);
      const lnPrior = load<f64>(dAxis + <usize>(D_CELLS + i) * 8) + lnPriorDStar;
      // No f explains more than the best p and q of the pair do.
      const determinant = dd * ee - ed * ed;
      if (determinant > 1e-9 * dd * ee) {
        const most = (es * (dd * es - ed * ds) + ds * (ee * ds - ed * es)) / determinant;
        if (lnPrior + highest - precision * (enough - most) < NEGLIGIBLE - 1e-6 * precision * enough - 1) continue;
      }
      const sum = sumOverF(dd, ds, ee, es, ed, lnPrior, enough, precision, fMass);
      total += sum;
      totalS0 += sumS0;
      massOfDStar += sum;
      store<f64>(dMass + (<usize>i << 3), load<f64>(dMass + (<usize>i << 3)) + sum);
    }
    store<f64>(dStarMass + (<usize>j << 3), massOfDStar);
  }
  for (let k = 0; k < F_CELLS; k++)
    store<f64>(fAxis + <usize>(2 * F_CELLS + k) * 8, load<f32>(fMass + (<usize>k << 2)));
  store<f64>(totals, total);
  store<f64>(totals, totalS0, 8);
}

function crossed(slowRow: usize, fastRow: usize): f64 {
  let sum = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>count << 3; k += 16)
    sum = f64x2.add(sum, f64x2.mul(v128.load(repeats + k), f64x2.mul(v128.load(slowRow + k), v128.load(fastRow + k))));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Sum of mass x S0 of the last pair. */
let sumS0: f64 = 0;

/** Adds the cells of one pair (D, D*); returns the sum of their masses. */
function sumOverF(
  dd: f64, ds: f64, ee: f64, es: f64, ed: f64, lnPrior: f64, enough: f64, precision: f64, fMass: usize,
): f64 {
  // squared = dd + x (2 ed - 2 dd) + x^2 (ee - 2 ed + dd); explained = ds + x (es - ds)
  const linear = f64x2.splat(2 * (ed - dd));
  const quadratic = f64x2.splat(ee - 2 * ed + dd);
  const constant = f64x2.splat(dd);
  const slope = f64x2.splat(es - ds);
  const start = f64x2.splat(ds);
  const base = f64x2.splat(lnPrior - precision * enough);
  const factor = f64x2.splat(precision);
  const limit = f64x2.splat(NEGLIGIBLE);
  let masses = f32x4.splat(0);
  let sizes = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>F_CELLS; k += 4) {
    const at = fAxis + (k << 3);
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    const squared0 = f64x2.add(constant, f64x2.mul(x0, f64x2.add(linear, f64x2.mul(x0, quadratic))));
    const squared1 = f64x2.add(constant, f64x2.mul(x1, f64x2.add(linear, f64x2.mul(x1, quadratic))));
    const explained0 = f64x2.add(start, f64x2.mul(x0, slope));
    const explained1 = f64x2.add(start, f64x2.mul(x1, slope));
    const s0 = f64x2.div(explained0, squared0);
    const s1 = f64x2.div(explained1, squared1);
    const prior = at + F_CELLS * 8;
    const e0 = f64x2.add(f64x2.add(base, v128.load(prior)), f64x2.mul(factor, f64x2.mul(explained0, s0)));
    const e1 = f64x2.add(f64x2.add(base, v128.load(prior, 16)), f64x2.mul(factor, f64x2.mul(explained1, s1)));
    const counts = v128.or(f64x2.gt(e0, limit), f64x2.gt(e1, limit));
    if (!v128.any_true(counts)) continue;
    const exponent = single(e0, e1);
    const squared = single(squared0, squared1);
    let mass = f32x4.div(exp<f32>(exponent), f32x4.sqrt(squared));
    mass = v128.and(mass, f32x4.gt(exponent, f32x4.splat(<f32>NEGLIGIBLE)));
    masses = f32x4.add(masses, mass);
    sizes = f32x4.add(sizes, f32x4.mul(mass, single(s0, s1)));
    const to = fMass + (k << 2);
    v128.store(to, f32x4.add(v128.load(to), mass));
  }
  sumS0 = lanesSum(sizes);
  return lanesSum(masses);
}

@inline
function single(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

@inline
function lanesSum(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    <f64>f32x4.extract_lane(x, 2) +
    <f64>f32x4.extract_lane(x, 3)
  );
}
