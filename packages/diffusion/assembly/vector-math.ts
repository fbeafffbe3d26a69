// Elementary functions of a vector of lanes, for T = f32 (4 lanes) and T = f64 (2 lanes). Written out here rather than
// taken from the host, so that every engine gives the same bits.

/** Number of lanes of a vector of T. */
// @ts-ignore: decorator
@inline
export function lanes<T extends number>(): i32 {
  return 16 / <i32>sizeof<T>();
}

// @ts-ignore: decorator
@inline
function step<T extends number>(p: v128, x: v128, c: T): v128 {
  return v128.add<T>(v128.mul<T>(p, x), v128.splat<T>(c));
}

/**
 * exp(x), relative error below 2e-7 (f32) and 4e-16 (f64). Arguments are cut to what neither overflows nor underflows
 * (-87 to 88, -708 to 709).
 *
 * x = n ln 2 + r, |r| <= ln 2 / 2: exp(r) by its Taylor series, n added to the exponent bits.
 */
// @ts-ignore: decorator
@inline
export function exp<T extends number>(argument: v128): v128 {
  if (sizeof<T>() == 4) {
    const x = f32x4.min(f32x4.max(argument, f32x4.splat(-87)), f32x4.splat(88));
    const magic = f32x4.splat(12582912.0); // 1.5 x 2^23: adding it leaves the nearest integer in the low bits.
    const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), magic);
    const n = f32x4.sub(shifted, magic);
    let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
    r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
    let p = f32x4.splat(<f32>(1.0 / 720.0));
    p = step<f32>(p, r, <f32>(1.0 / 120.0));
    p = step<f32>(p, r, <f32>(1.0 / 24.0));
    p = step<f32>(p, r, <f32>(1.0 / 6.0));
    p = step<f32>(p, r, 0.5);
    p = step<f32>(p, r, 1);
    p = step<f32>(p, r, 1);
    return i32x4.add(p, i32x4.shl(shifted, 23));
  }
  const x = f64x2.min(f64x2.max(argument, f64x2.splat(-708)), f64x2.splat(709));
  const magic = f64x2.splat(6755399441055744.0); // 1.5 x 2^52
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), magic);
  const n = f64x2.sub(shifted, magic);
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.693147180369123816490)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  let p = f64x2.splat(1.0 / 479001600.0);
  p = step<f64>(p, r, 1.0 / 39916800.0);
  p = step<f64>(p, r, 1.0 / 3628800.0);
  p = step<f64>(p, r, 1.0 / 362880.0);
  p = step<f64>(p, r, 1.0 / 40320.0);
  p = step<f64>(p, r, 1.0 / 5040.0);
  p = step<f64>(p, r, 1.0 / 720.0);
  p = step<f64>(p, r, 1.0 / 120.0);
  p = step<f64>(p, r, 1.0 / 24.0);
  p = step<f64>(p, r, 1.0 / 6.0);
  p = step<f64>(p, r, 0.5);
  p = step<f64>(p, r, 1);
  p = step<f64>(p, r, 1);
  return i64x2.add(p, i64x2.shl(shifted, 52));
}

/**
 * ln(x) of positive normal numbers, to the last bit or two.
 *
 * x = 2^e m, m in [sqrt(1/2), sqrt(2)): ln m = 2 artanh((m - 1) / (m + 1)) by its series.
 */
// @ts-ignore: decorator
@inline
export function ln<T extends number>(x: v128): v128 {
  if (sizeof<T>() == 4) {
    const above = i32x4.sub(x, i32x4.splat(0x3f3504f3));
    const e = i32x4.shr_s(above, 23);
    const m = i32x4.sub(x, i32x4.shl(e, 23));
    const f = f32x4.sub(m, f32x4.splat(1));
    const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
    const z = f32x4.mul(s, s);
    let p = f32x4.splat(<f32>(2.0 / 9.0));
    p = step<f32>(p, z, <f32>(2.0 / 7.0));
    p = step<f32>(p, z, <f32>(2.0 / 5.0));
    p = step<f32>(p, z, <f32>(2.0 / 3.0));
    const tail = f32x4.mul(f32x4.mul(s, z), p);
    const exponent = f32x4.convert_i32x4_s(e);
    // 2 artanh(s) = f - s f + (rest): f is exact, so the leading term carries no rounding.
    const lower = f32x4.add(f32x4.sub(tail, f32x4.mul(s, f)), f32x4.mul(exponent, f32x4.splat(-2.12194440e-4)));
    return f32x4.add(f32x4.add(f, lower), f32x4.mul(exponent, f32x4.splat(0.693359375)));
  }
  const above = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const e = i64x2.shr_s(above, 52);
  const m = i64x2.sub(x, i64x2.shl(e, 52));
  const f = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(2.0 / 21.0);
  p = step<f64>(p, z, 2.0 / 19.0);
  p = step<f64>(p, z, 2.0 / 17.0);
  p = step<f64>(p, z, 2.0 / 15.0);
  p = step<f64>(p, z, 2.0 / 13.0);
  p = step<f64>(p, z, 2.0 / 11.0);
  p = step<f64>(p, z, 2.0 / 9.0);
  p = step<f64>(p, z, 2.0 / 7.0);
  p = step<f64>(p, z, 2.0 / 5.0);
  p = step<f64>(p, z, 2.0 / 3.0);
  const tail = f64x2.mul(f64x2.mul(s, z), p);
  // |e| < 2^20: the low words of both lanes hold it.
  const exponent = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(e, e, 0, 2, 0, 2));
  const lower = f64x2.add(
    f64x2.sub(tail, f64x2.mul(s, f)),
    f64x2.mul(exponent, f64x2.splat(1.90821492927058770002e-10)),
  );
  return f64x2.add(f64x2.add(f, lower), f64x2.mul(exponent, f64x2.splat(0.693147180369123816490)));
}
