// Bounded least squares of S = p exp(-b D*) + q exp(-b D), two voxels at a time: the fit of ivim/biexponential-fit.ts. The
// best pair (D, D*) of a grid starts Levenberg-Marquardt in p, q, D x 1000 and ln D*.

import { exp } from "./vector-math";

const D_SCALE: f64 = 1000;
const DSTAR_OVER_D: f64 = 2;
const FIRST_DAMPING: f64 = 1e-3;
const SMALLEST_DAMPING: f64 = 1e-10;
const LARGEST_DAMPING: f64 = 1e8;
const COST_TOLERANCE: f64 = 1e-13;
const SIGNAL_TOLERANCE: f64 = 1e-26;
const SMALLEST_CURVATURE: f64 = 1e-9;
const PIVOT_BELOW: f64 = 1e-13;
const MOST_STEPS: f64 = 60;

/** Steps that are tried, taken or not. */
const MOST_TRIALS: i32 = 150;

let count: i32 = 0;
let bValues: usize = 0;
let repeats: usize = 0;
let grid: i32 = 0;
let rates: usize = 0;
let tables: usize = 0;
let signal: usize = 0;
let work: usize = 0;
let upperD: f64 = 0;
let lowerLn: f64 = 0;
let upperLn: f64 = 0;

/** Bytes of work space for a grid. */
export function biexponentialWorkBytes(cells: i32): i32 {
  return 4 * cells * 16;
}

/**
 * @param n b-values
 * @param bAt f64: b-values, repeats, n each
 * @param cells of the grid for D and for D*
 * @param ratesAt f64: D x 1000 of the cells, ln D* of the cells
 * @param tablesAt f64: repeats x decay `[cell][n]` of D, then of D*; squares of D, of D*; crossed `[D][D*]`
 * @param signalAt f64 `[n][2]`, of order 1
 */
export function setBiexponential(
  n: i32, bAt: usize, cells: i32, ratesAt: usize, tablesAt: usize, signalAt: usize, workAt: usize,
  highestD: f64, lowestLnDStar: f64, highestLnDStar: f64,
): void {
  count = n;
  bValues = bAt;
  repeats = bAt + (<usize>n << 3);
  grid = cells;
  rates = ratesAt;
  tables = tablesAt;
  signal = signalAt;
  work = workAt;
  upperD = highestD;
  lowerLn = lowestLnDStar;
  upperLn = highestLnDStar;
}

@inline
function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

@inline
function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

/** Weighted products of the decays of the grid with the signals. */
function project(from: usize, to: usize): void {
  for (let cell = 0; cell < grid; cell++) {
    let sum = f64x2.splat(0);
    for (let k = 0; k < count; k++) {
      sum = add(sum, mul(v128.load64_splat(from), v128.load(signal + (<usize>k << 4))));
      from += 8;
    }
    v128.store(to + (<usize>cell << 4), sum);
  }
}

// Where the solver is, lane by lane.
let p: v128 = i64x2.splat(0);
let q: v128 = i64x2.splat(0);
let d: v128 = i64x2.splat(0);
let e: v128 = i64x2.splat(0);
let cost: v128 = i64x2.splat(0);

// Normal matrix (lower triangle) and gradient there.
let n00: v128 = i64x2.splat(0), n10: v128 = i64x2.splat(0), n11: v128 = i64x2.splat(0), n20: v128 = i64x2.splat(0);
let n21: v128 = i64x2.splat(0), n22: v128 = i64x2.splat(0), n30: v128 = i64x2.splat(0), n31: v128 = i64x2.splat(0);
let n32: v128 = i64x2.splat(0), n33: v128 = i64x2.splat(0);
let g0: v128 = i64x2.splat(0), g1: v128 = i64x2.splat(0), g2: v128 = i64x2.splat(0), g3: v128 = i64x2.splat(0);

/** Puts the best pair of the grid, and its p and q, where the solver starts. */
function start(): void {
  const row = <usize>(count * grid) << 3;
  const slowSignal = work;
  const fastSignal = work + (<usize>grid << 4);
  project(tables, slowSignal);
  project(tables + row, fastSignal);
  const slowSquares = tables + 2 * row;
  const fastSquares = slowSquares + (<usize>grid << 3);
  let crossed = fastSquares + (<usize>grid << 3);
  const zero = f64x2.splat(0);
  let best = zero;
  p = zero;
  q = zero;
  d = v128.load64_splat(rates);
  e = v128.load64_splat(rates + (<usize>grid << 3));
  for (let i: usize = 0; i < <usize>grid; i++) {
    const dd = v128.load64_splat(slowSquares + (i << 3));
    const ds = v128.load(slowSignal + (i << 4));
    const rate = v128.load64_splat(rates + (i << 3));
    const alone = f64x2.max(f64x2.div(ds, dd), zero);
    for (let j: usize = 0; j < <usize>grid; j++) {
      const ee = load<f64>(fastSquares + (j << 3));
      const ed = v128.load64_splat(crossed);
      const x = load<f64>(crossed);
      crossed += 8;
      const determinant = load<f64>(slowSquares + (i << 3)) * ee - x * x;
      const es = v128.load(fastSignal + (j << 4));
      const inverse = f64x2.splat(1 / determinant);
      let fast = mul(sub(mul(dd, es), mul(ed, ds)), inverse);
      let slow = mul(sub(mul(f64x2.splat(ee), ds), mul(ed, es)), inverse);
      const noFast = v128.not(f64x2.ge(fast, zero));
      const noSlow = v128.andnot(f64x2.lt(slow, zero), noFast);
      fast = v128.bitselect(zero, fast, noFast);
      slow = v128.bitselect(alone, slow, noFast);
      slow = v128.bitselect(zero, slow, noSlow);
      fast = v128.bitselect(f64x2.max(mul(es, f64x2.splat(1 / ee)), zero), fast, noSlow);
      const gain = add(mul(fast, es), mul(slow, ds));
      const better = f64x2.gt(gain, best);
      if (!v128.any_true(better)) continue;
      best = v128.bitselect(gain, best, better);
      p = v128.bitselect(fast, p, better);
      q = v128.bitselect(slow, q, better);
      d = v128.bitselect(rate, d, better);
      e = v128.bitselect(v128.load64_splat(rates + ((<usize>grid + j) << 3)), e, better);
    }
  }
}

/** Moves the solver to a point, with cost, normal matrix and gradient there, in the lanes of a mask. */
function evaluate(tp: v128, tq: v128, td: v128, te: v128, tied: bool, lower: bool): v128 {
  const zero = f64x2.splat(0);
  const rate = mul(td, f64x2.splat(1 / D_SCALE));
  const rateStar = tied ? mul(rate, f64x2.splat(DSTAR_OVER_D)) : exp<f64>(te);
  let c = zero, a00 = zero, a10 = zero, a11 = zero, a20 = zero, a21 = zero, a22 = zero;
  let a30 = zero, a31 = zero, a32 = zero, a33 = zero, h0 = zero, h1 = zero, h2 = zero, h3 = zero;
  const minus = f64x2.neg(rate);
  const minusStar = f64x2.neg(rateStar);
  const perD = f64x2.splat(1 / D_SCALE);
  const perTied = f64x2.splat(DSTAR_OVER_D / D_SCALE);
  for (let k: usize = 0; k < <usize>count; k++) {
    const b = v128.load64_splat(bValues + (k << 3));
    const w = v128.load64_splat(repeats + (k << 3));
    const fast = exp<f64>(mul(b, minusStar));
    const slow = exp<f64>(mul(b, minus));
    const pf = mul(tp, fast);
    const qs = mul(tq, slow);
    const residual = sub(v128.load(signal + (k << 4)), add(pf, qs));
    const byRateStar = mul(b, pf);
    let j2 = mul(mul(b, qs), perD);
    if (tied) j2 = add(j2, mul(byRateStar, perTied));
    j2 = f64x2.neg(j2);
    const wf = mul(w, fast);
    const ws = mul(w, slow);
    const w2 = mul(w, j2);
    c = add(c, mul(mul(w, residual), residual));
    h0 = add(h0, mul(wf, residual));
    h1 = add(h1, mul(ws, residual));
    h2 = add(h2, mul(w2, residual));
    a00 = add(a00, mul(wf, fast));
    a10 = add(a10, mul(ws, fast));
    a11 = add(a11, mul(ws, slow));
    a20 = add(a20, mul(w2, fast));
    a21 = add(a21, mul(w2, slow));
    a22 = add(a22, mul(w2, j2));
    if (!tied) {
      const j3 = f64x2.neg(mul(byRateStar, rateStar));
      const w3 = mul(w, j3);
      h3 = add(h3, mul(w3, residual));
      a30 = add(a30, mul(w3, fast));
      a31 = add(a31, mul(w3, slow));
      a32 = add(a32, mul(w3, j2));
      a33 = add(a33, mul(w3, j3));
    }
  }
  const taken = lower ? f64x2.lt(c, cost) : f64x2.eq(f64x2.splat(0), f64x2.splat(0));
  cost = v128.bitselect(c, cost, taken);
  p = v128.bitselect(tp, p, taken);
  q = v128.bitselect(tq, q, taken);
  d = v128.bitselect(td, d, taken);
  e = v128.bitselect(te, e, taken);
  n00 = v128.bitselect(a00, n00, taken);
  n10 = v128.bitselect(a10, n10, taken);
  n11 = v128.bitselect(a11, n11, taken);
  n20 = v128.bitselect(a20, n20, taken);
  n21 = v128.bitselect(a21, n21, taken);
  n22 = v128.bitselect(a22, n22, taken);
  n30 = v128.bitselect(a30, n30, taken);
  n31 = v128.bitselect(a31, n31, taken);
  n32 = v128.bitselect(a32, n32, taken);
  n33 = v128.bitselect(a33, n33, taken);
  g0 = v128.bitselect(h0, g0, taken);
  g1 = v128.bitselect(h1, g1, taken);
  g2 = v128.bitselect(h2, g2, taken);
  g3 = v128.bitselect(h3, g3, taken);
  return taken;
}

/** Levenberg-Marquardt from where the solver is; `where` are the lanes that move. */
function descend(tied: bool, where: v128): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let squares = zero;
  for (let k: usize = 0; k < <usize>count; k++) {
    const s = v128.load(signal + (k << 4));
    squares = add(squares, mul(v128.load64_splat(repeats + (k << 3)), mul(s, s)));
  }
  const floor = mul(squares, f64x2.splat(SIGNAL_TOLERANCE));
  evaluate(p, q, d, e, tied, false);
  let damping = f64x2.splat(FIRST_DAMPING);
  let active = v128.and(where, f64x2.eq(sub(cost, cost), zero));
  let steps = zero;
  for (let trial = 0; trial < MOST_TRIALS && v128.any_true(active); trial++) {
    // Parameters at a bound that want to leave it on the wrong side are held.
    const free0 = v128.not(v128.and(f64x2.lt(g0, zero), f64x2.le(p, zero)));
    const free1 = v128.not(v128.and(f64x2.lt(g1, zero), f64x2.le(q, zero)));
    const free2 = v128.not(v128.or(
      v128.and(f64x2.lt(g2, zero), f64x2.le(d, zero)),
      v128.and(f64x2.gt(g2, zero), f64x2.ge(d, f64x2.splat(upperD))),
    ));
    const free3 = v128.not(v128.or(
      v128.and(f64x2.lt(g3, zero), f64x2.le(e, f64x2.splat(lowerLn))),
      v128.and(f64x2.gt(g3, zero), f64x2.ge(e, f64x2.splat(upperLn))),
    ));
    const largest = f64x2.max(f64x2.max(n00, n11), f64x2.max(n22, n33));
    const least = mul(largest, f64x2.splat(SMALLEST_CURVATURE));
    const d0 = v128.bitselect(add(n00, mul(damping, f64x2.max(n00, least))), one, free0);
    const b1 = v128.bitselect(add(n11, mul(damping, f64x2.max(n11, least))), one, free1);
    const b2 = v128.bitselect(add(n22, mul(damping, f64x2.max(n22, least))), one, free2);
    const b3 = v128.bitselect(add(n33, mul(damping, f64x2.max(n33, least))), one, free3);
    const u10 = v128.and(n10, v128.and(free0, free1));
    const u20 = v128.and(n20, v128.and(free0, free2));
    const u30 = v128.and(n30, v128.and(free0, free3));
    const c21 = v128.and(n21, v128.and(free1, free2));
    const c31 = v128.and(n31, v128.and(free1, free3));
    const c32 = v128.and(n32, v128.and(free2, free3));
    const limit = f64x2.splat(PIVOT_BELOW);
    let solved = f64x2.gt(d0, mul(limit, d0));
    const i0 = f64x2.div(one, d0);
    const l10 = mul(u10, i0), l20 = mul(u20, i0), l30 = mul(u30, i0);
    const d1 = sub(b1, mul(l10, u10));
    const u21 = sub(c21, mul(l20, u10));
    const u31 = sub(c31, mul(l30, u10));
    solved = v128.and(solved, f64x2.gt(d1, mul(limit, b1)));
    const i1 = f64x2.div(one, d1);
    const l21 = mul(u21, i1), l31 = mul(u31, i1);
    const d2 = sub(sub(b2, mul(l20, u20)), mul(l21, u21));
    const u32 = sub(sub(c32, mul(l30, u20)), mul(l31, u21));
    solved = v128.and(solved, f64x2.gt(d2, mul(limit, b2)));
    const i2 = f64x2.div(one, d2);
    const l32 = mul(u32, i2);
    const d3 = sub(sub(sub(b3, mul(l30, u30)), mul(l31, u31)), mul(l32, u32));
    solved = v128.and(solved, f64x2.gt(d3, mul(limit, b3)));
    const r0 = v128.and(g0, free0), r1 = v128.and(g1, free1), r2 = v128.and(g2, free2), r3 = v128.and(g3, free3);
    const y1 = sub(r1, mul(l10, r0));
    const y2 = sub(sub(r2, mul(l20, r0)), mul(l21, y1));
    const y3 = sub(sub(sub(r3, mul(l30, r0)), mul(l31, y1)), mul(l32, y2));
    const x3 = f64x2.div(y3, d3);
    const x2 = sub(mul(y2, i2), mul(l32, x3));
    const x1 = sub(mul(y1, i1), add(mul(l21, x2), mul(l31, x3)));
    const x0 = sub(mul(r0, i0), add(add(mul(l10, x1), mul(l20, x2)), mul(l30, x3)));
    const promised = add(add(mul(r0, x0), mul(r1, x1)), add(mul(r2, x2), mul(r3, x3)));
    const ended = f64x2.le(promised, f64x2.max(mul(cost, f64x2.splat(COST_TOLERANCE)), floor));
    active = v128.andnot(active, v128.and(solved, ended));
    if (!v128.any_true(active)) return;
    const moving = v128.and(active, solved);
    const tp = f64x2.max(add(p, v128.and(x0, moving)), zero);
    const tq = f64x2.max(add(q, v128.and(x1, moving)), zero);
    const td = f64x2.min(f64x2.max(add(d, v128.and(x2, moving)), zero), f64x2.splat(upperD));
    const te = f64x2.min(f64x2.max(add(e, v128.and(x3, moving)), f64x2.splat(lowerLn)), f64x2.splat(upperLn));
    // Lanes that do not move have the cost they had, which is not lower: they stay as they are.
    const taken = evaluate(tp, tq, td, te, tied, true);
    const less = f64x2.max(mul(damping, f64x2.splat(0.1)), f64x2.splat(SMALLEST_DAMPING));
    damping = v128.bitselect(less, mul(damping, f64x2.splat(10)), taken);
    steps = add(steps, v128.and(one, taken));
    const hopeless = v128.or(
      f64x2.gt(damping, f64x2.splat(LARGEST_DAMPING)),
      f64x2.ge(steps, f64x2.splat(MOST_STEPS)),
    );
    active = v128.andnot(active, hopeless);
  }
}

/**
 * Fits the two voxels whose signals have been put in place.
 *
 * @param out f64 `[6][2]`: p, q, D x 1000, ln D*, cost, 1 where D* is tied to D
 */
export function fitBiexponential(out: usize): void {
  start();
  descend(false, i64x2.splat(-1));
  const apart = f64x2.ge(exp<f64>(e), mul(d, f64x2.splat(DSTAR_OVER_D / D_SCALE)));
  const tied = v128.not(apart);
  if (v128.any_true(tied)) {
    const fp = p, fq = q, fd = d, fe = e, fc = cost;
    descend(true, tied);
    p = v128.bitselect(fp, p, apart);
    q = v128.bitselect(fq, q, apart);
    d = v128.bitselect(fd, d, apart);
    e = v128.bitselect(fe, e, apart);
    cost = v128.bitselect(fc, cost, apart);
  }
  v128.store(out, p);
  v128.store(out, q, 16);
  v128.store(out, d, 32);
  v128.store(out, e, 48);
  v128.store(out, cost, 64);
  v128.store(out, v128.and(f64x2.splat(1), tied), 80);
}
