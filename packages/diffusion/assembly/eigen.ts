// Eigenvalues, principal direction and scalars of a symmetric 3 x 3 matrix, two voxels at a time, in double precision.

import { exp } from "./vector-math";
import { CHUNK, DOUBTFUL, NON_POSITIVE, SINGULAR, UNUSABLE } from "./chunk";
import { flagOf } from "./tensor";

/** Smallest eigenvalue times the largest b-value; smaller ones are taken as this. */
const SMALLEST_EXPONENT: f64 = 1e-6;

// Status of a voxel as in data/scalar-map.ts; REFIT asks for double precision.
const VALID: u8 = 0;
const STATUS_NON_POSITIVE: u8 = 2;
const STATUS_SINGULAR: u8 = 3;
const AT_BOUND: u8 = 4;
export const REFIT: u8 = 255;

// Maps of a tile, f32 `[map][voxel]`.
const FA: usize = 0;
const MD: usize = 1;
const AD: usize = 2;
const RD: usize = 3;
const S0: usize = 4;
const DIRECTION: usize = 5;


/** Two lanes of a row of T at `at`, in double precision. */
@inline
function twoOf<T extends number>(at: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

@inline
function storeTwo(at: usize, value: v128): void {
  v128.store64_lane(at, f32x4.demote_f64x2_zero(value), 0);
}

/**
 * Maps and status of a chunk.
 *
 * @param parameters and `scale` as `fitChunk` leaves them
 * @param bScale s/mm2: eigenvalues over this are in mm2/s
 * @param maps f32 `[8][tile]`, rows `mapStride` bytes apart: FA, MD, AD, RD, S0, direction x, y, z
 * @param status u8 `[tile]`
 */
export function finishChunk<T extends number>(
  parameters: usize, scale: usize, bScale: f64, maps: usize, mapStride: usize, status: usize,
): void {
  const rowBytes: usize = CHUNK * sizeof<T>();
  const perMm2 = f64x2.splat(1 / bScale);
  const floor = f64x2.splat(SMALLEST_EXPONENT);
  for (let voxel = 0; voxel < CHUNK; voxel += 2) {
    const from = parameters + <usize>voxel * sizeof<T>();
    const xx = twoOf<T>(from + rowBytes);
    const yy = twoOf<T>(from + 2 * rowBytes);
    const zz = twoOf<T>(from + 3 * rowBytes);
    const xy = twoOf<T>(from + 4 * rowBytes);
    const xz = twoOf<T>(from + 5 * rowBytes);
    const yz = twoOf<T>(from + 6 * rowBytes);
    const to = maps + (<usize>voxel << 2);
    const s0 = f64x2.mul(exp<f64>(twoOf<T>(from)), twoOf<T>(scale + <usize>voxel * sizeof<T>()));
    const mean = f64x2.mul(f64x2.add(f64x2.add(xx, yy), zz), f64x2.splat(1.0 / 3.0));
    const ax = f64x2.sub(xx, mean);
    const ay = f64x2.sub(yy, mean);
    const az = f64x2.sub(zz, mean);
    const off = f64x2.add(f64x2.add(f64x2.mul(xy, xy), f64x2.mul(xz, xz)), f64x2.mul(yz, yz));
    const norm = f64x2.add(
      f64x2.add(f64x2.mul(ax, ax), f64x2.mul(ay, ay)),
      f64x2.add(f64x2.mul(az, az), f64x2.add(off, off)),
    );
    const size = f64x2.sqrt(f64x2.mul(norm, f64x2.splat(1.0 / 6.0)));
    const round = f64x2.le(size, f64x2.mul(f64x2.splat(1e-14), f64x2.abs(mean)));
    const inverse = f64x2.div(f64x2.splat(1), v128.bitselect(f64x2.splat(1), size, round));
    const a = f64x2.mul(ax, inverse);
    const b = f64x2.mul(ay, inverse);
    const c = f64x2.mul(az, inverse);
    const d = f64x2.mul(xy, inverse);
    const e = f64x2.mul(xz, inverse);
    const f = f64x2.mul(yz, inverse);
    const determinant = f64x2.add(
      f64x2.sub(
        f64x2.mul(a, f64x2.sub(f64x2.mul(b, c), f64x2.mul(f, f))),
        f64x2.mul(d, f64x2.sub(f64x2.mul(d, c), f64x2.mul(f, e))),
      ),
      f64x2.mul(e, f64x2.sub(f64x2.mul(d, f), f64x2.mul(b, e))),
    );
    const half = f64x2.mul(f64x2.splat(0.5), determinant);
    const outer = outerRoot(f64x2.min(f64x2.abs(half), f64x2.splat(1)));
    const inner = f64x2.sqrt(f64x2.max(f64x2.sub(f64x2.splat(12), f64x2.mul(f64x2.splat(3), f64x2.mul(outer, outer))), f64x2.splat(0)));
    const middle = f64x2.mul(f64x2.splat(0.5), f64x2.sub(inner, outer));
    const far = f64x2.mul(f64x2.splat(-0.5), f64x2.add(inner, outer));
    // Roots for a positive determinant: outer > middle > far; for a negative one their negatives, in reverse.
    const negative = f64x2.lt(half, f64x2.splat(0));
    const t1 = v128.bitselect(f64x2.neg(far), outer, negative);
    const t2 = v128.bitselect(f64x2.neg(middle), middle, negative);
    const t3 = v128.bitselect(f64x2.neg(outer), far, negative);
    const e1 = f64x2.add(mean, v128.bitselect(f64x2.splat(0), f64x2.mul(size, t1), round));
    const e2 = f64x2.add(mean, v128.bitselect(f64x2.splat(0), f64x2.mul(size, t2), round));
    const e3 = f64x2.add(mean, v128.bitselect(f64x2.splat(0), f64x2.mul(size, t3), round));
    direction(f64x2.sub(a, t1), f64x2.sub(b, t1), f64x2.sub(c, t1), d, e, f, round, to + DIRECTION * mapStride, mapStride);
    writeScalars(f64x2.max(e1, floor), f64x2.max(e2, floor), f64x2.max(e3, floor), perMm2, to, mapStride);
    storeTwo(to + S0 * mapStride, s0);
    const total = f64x2.add(f64x2.add(e1, e2), f64x2.add(e3, s0));
    const finite = f64x2.eq(f64x2.sub(total, total), f64x2.splat(0));
    const bound = f64x2.lt(e3, floor);
    setStatus<T>(voxel, i64x2.extract_lane(finite, 0) != 0, i64x2.extract_lane(bound, 0) != 0, status, to, mapStride);
    setStatus<T>(voxel + 1, i64x2.extract_lane(finite, 1) != 0, i64x2.extract_lane(bound, 1) != 0, status, to + 4, mapStride);
  }
}

/** The root of u^3 - 3 u = 2 h in [sqrt 3, 2], 0 <= h <= 1, by Newton's method. */
@inline
function outerRoot(h: v128): v128 {
  let u = f64x2.add(
    f64x2.splat(1.7320508075688772),
    f64x2.mul(h, f64x2.sub(f64x2.splat(1.0 / 3.0), f64x2.mul(h, f64x2.splat(0.0653841409022105)))),
  );
  const twice = f64x2.add(h, h);
  for (let i = 0; i < 3; i++) {
    const square = f64x2.mul(u, u);
    const value = f64x2.sub(f64x2.mul(u, f64x2.sub(square, f64x2.splat(3))), twice);
    u = f64x2.sub(u, f64x2.div(value, f64x2.mul(f64x2.splat(3), f64x2.sub(square, f64x2.splat(1)))));
  }
  return u;
}

function writeScalars(e1: v128, e2: v128, e3: v128, perMm2: v128, to: usize, mapStride: usize): void {
  const norm = f64x2.add(f64x2.add(f64x2.mul(e1, e1), f64x2.mul(e2, e2)), f64x2.mul(e3, e3));
  const p = f64x2.sub(e1, e2);
  const q = f64x2.sub(e2, e3);
  const r = f64x2.sub(e3, e1);
  const spread = f64x2.add(f64x2.add(f64x2.mul(p, p), f64x2.mul(q, q)), f64x2.mul(r, r));
  const fa = f64x2.sqrt(f64x2.div(f64x2.mul(f64x2.splat(0.5), spread), norm));
  const radial = f64x2.add(e2, e3);
  storeTwo(to + FA * mapStride, fa);
  storeTwo(to + MD * mapStride, f64x2.mul(f64x2.mul(f64x2.add(e1, radial), f64x2.splat(1.0 / 3.0)), perMm2));
  storeTwo(to + AD * mapStride, f64x2.mul(e1, perMm2));
  storeTwo(to + RD * mapStride, f64x2.mul(f64x2.mul(radial, f64x2.splat(0.5)), perMm2));
}

/** Null vector of a singular symmetric matrix: the longest of the cross products of its rows, with z >= 0. */
function direction(
  xx: v128, yy: v128, zz: v128, xy: v128, xz: v128, yz: v128, round: v128, to: usize, mapStride: usize,
): void {
  let x = f64x2.sub(f64x2.mul(xy, yz), f64x2.mul(xz, yy));
  let y = f64x2.sub(f64x2.mul(xz, xy), f64x2.mul(xx, yz));
  let z = f64x2.sub(f64x2.mul(xx, yy), f64x2.mul(xy, xy));
  let squared = squaredLength(x, y, z);
  const bx = f64x2.sub(f64x2.mul(xy, zz), f64x2.mul(xz, yz));
  const by = f64x2.sub(f64x2.mul(xz, xz), f64x2.mul(xx, zz));
  const b = squaredLength(bx, by, y);
  // The second product's z is minus the first one's y with rows exchanged: xx yz - xy xz.
  const bz = f64x2.neg(y);
  let longer = f64x2.gt(b, squared);
  const firstX = x;
  x = v128.bitselect(bx, x, longer);
  y = v128.bitselect(by, y, longer);
  z = v128.bitselect(bz, z, longer);
  squared = v128.bitselect(b, squared, longer);
  const cx = f64x2.sub(f64x2.mul(yy, zz), f64x2.mul(yz, yz));
  const cy = f64x2.neg(bx);
  const cz = firstX;
  const c = squaredLength(cx, cy, cz);
  longer = f64x2.gt(c, squared);
  x = v128.bitselect(cx, x, longer);
  y = v128.bitselect(cy, y, longer);
  z = v128.bitselect(cz, z, longer);
  squared = v128.bitselect(c, squared, longer);
  const one = f64x2.splat(1);
  const sign = v128.bitselect(f64x2.splat(-1), one, f64x2.lt(z, f64x2.splat(0)));
  const factor = f64x2.div(sign, f64x2.sqrt(squared));
  x = v128.bitselect(f64x2.splat(0), f64x2.mul(x, factor), round);
  y = v128.bitselect(f64x2.splat(0), f64x2.mul(y, factor), round);
  z = v128.bitselect(one, f64x2.mul(z, factor), round);
  storeTwo(to, x);
  storeTwo(to + mapStride, y);
  storeTwo(to + 2 * mapStride, z);
  const flat = v128.andnot(f64x2.le(squared, f64x2.splat(1e-24)), round);
  if (!v128.any_true(flat)) return;
  if (i64x2.extract_lane(flat, 0) != 0)
    acrossRankOne(
      f64x2.extract_lane(xx, 0), f64x2.extract_lane(yy, 0), f64x2.extract_lane(zz, 0),
      f64x2.extract_lane(xy, 0), f64x2.extract_lane(xz, 0), f64x2.extract_lane(yz, 0), to, mapStride,
    );
  if (i64x2.extract_lane(flat, 1) != 0)
    acrossRankOne(
      f64x2.extract_lane(xx, 1), f64x2.extract_lane(yy, 1), f64x2.extract_lane(zz, 1),
      f64x2.extract_lane(xy, 1), f64x2.extract_lane(xz, 1), f64x2.extract_lane(yz, 1), to + 4, mapStride,
    );
}

@inline
function squaredLength(x: v128, y: v128, z: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)), f64x2.mul(z, z));
}

/** Two equal largest eigenvalues: any unit vector across the longest row will do. */
function acrossRankOne(
  xx: f64, yy: f64, zz: f64, xy: f64, xz: f64, yz: f64, to: usize, mapStride: usize,
): void {
  let rx = xz, ry = yz, rz = zz;
  if (abs(xx) >= abs(yy) && abs(xx) >= abs(zz)) {
    rx = xx; ry = xy; rz = xz;
  } else if (abs(yy) >= abs(zz)) {
    rx = xy; ry = yy; rz = yz;
  }
  const across = abs(rx) > abs(rz);
  const x = across ? -ry : 0;
  const y = across ? rx : -rz;
  const z = across ? 0 : ry;
  let length = sqrt(x * x + y * y + z * z);
  if (length == 0) length = 1;
  if (z < 0) length = -length;
  store<f32>(to, <f32>(x / length));
  store<f32>(to + mapStride, <f32>(y / length));
  store<f32>(to + 2 * mapStride, <f32>(z / length));
}

/** Status of one voxel; maps are 0 where there is no value. */
function setStatus<T extends number>(
  voxel: i32, finite: bool, bound: bool, status: usize, to: usize, mapStride: usize,
): void {
  const flag = flagOf<T>(voxel);
  let found = VALID;
  if (flag & UNUSABLE) found = STATUS_NON_POSITIVE;
  else if (flag & DOUBTFUL || (sizeof<T>() == 4 && !finite)) found = REFIT;
  else if (flag & SINGULAR || !finite) found = STATUS_SINGULAR;
  else if (flag & NON_POSITIVE) found = STATUS_NON_POSITIVE;
  else if (bound) found = AT_BOUND;
  store<u8>(status + voxel, found);
  // Without a value: unusable signals, singular systems.
  if (!(flag & UNUSABLE) && found != STATUS_SINGULAR) return;
  for (let map = 0; map < 8; map++) store<f32>(to + <usize>map * mapStride, 0);
}
