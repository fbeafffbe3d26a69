// Elementary functions of a vector of lanes, for T = f32 (4 lanes) and T = f64 (2 lanes). Written out here rather than
// taken from the host, so that every engine gives the same bits.

/** Number of lanes of a vector of T. */
@inline
export function lanes<T extends number>(): i32 {
  return 16 / <i32>sizeof<T>();
}

// Constants lie in memory: loading one into all lanes is a single instruction, a constant in the code is several.
const SINGLE = memory.data<f32>([
  -87, 88, 12582912.0, 1.44269504, 0.693359375, 2.12194440e-4, 1, 0.5,
  0.16666666666666666, 0.041666666666666664, 0.008333333333333333, 0.001388888888888889,
]);
const DOUBLE = memory.data<f64>([
  -708, 709, 6755399441055744.0, 1.4426950408889634, 0.693147180369123816490, 1.90821492927058770002e-10, 1, 0.5,
  0.16666666666666666, 0.041666666666666664, 0.008333333333333333, 0.001388888888888889,
  0.0001984126984126984, 0.0000248015873015873, 0.0000027557319223985893, 2.755731922398589e-7,
  2.505210838544172e-8, 2.08767569878681e-9,
]);

@inline
function single(index: usize): v128 {
  return v128.load32_splat(SINGLE + (index << 2));
}

@inline
function double(index: usize): v128 {
  return v128.load64_splat(DOUBLE + (index << 3));
}

@inline
function step<T extends number>(p: v128, x: v128, c: T): v128 {
  return v128.add<T>(v128.mul<T>(p, x), v128.splat<T>(c));
}

/** p x + 1 / k!, the constants being in the order of k from {@link SINGLE}[6] = 1 / 1! on. */
@inline
function stepSingle(p: v128, x: v128, index: usize): v128 {
  return f32x4.add(f32x4.mul(p, x), single(index));
}

@inline
function stepDouble(p: v128, x: v128, index: usize): v128 {
  return f64x2.add(f64x2.mul(p, x), double(index));
}

/**
 * exp(x), relative error below 2e-7 (f32) and 4e-16 (f64). Arguments are cut to what neither overflows nor underflows
 * (-87 to 88, -708 to 709).
 *
 * x = n ln 2 + r, |r| <= ln 2 / 2: exp(r) by its Taylor series, n added to the exponent bits.
 */
@inline
export function exp<T extends number>(argument: v128): v128 {
  if (sizeof<T>() == 4) {
    const x = f32x4.min(f32x4.max(argument, single(0)), single(1));
    const magic = single(2); // 1.5 x 2^23: adding it leaves the nearest integer in the low bits.
    const shifted = f32x4.add(f32x4.mul(x, single(3)), magic);
    const n = f32x4.sub(shifted, magic);
    const r = f32x4.add(f32x4.sub(x, f32x4.mul(n, single(4))), f32x4.mul(n, single(5)));
    let p = single(11);
    p = stepSingle(p, r, 10);
    p = stepSingle(p, r, 9);
    p = stepSingle(p, r, 8);
    p = stepSingle(p, r, 7);
    p = stepSingle(p, r, 6);
    p = stepSingle(p, r, 6);
    return i32x4.add(p, i32x4.shl(shifted, 23));
  }
  const x = f64x2.min(f64x2.max(argument, double(0)), double(1));
  const magic = double(2); // 1.5 x 2^52
  const shifted = f64x2.add(f64x2.mul(x, double(3)), magic);
  const n = f64x2.sub(shifted, magic);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, double(4))), f64x2.mul(n, double(5)));
  let p = double(17);
  p = stepDouble(p, r, 16);
  p = stepDouble(p, r, 15);
  p = stepDouble(p, r, 14);
  p = stepDouble(p, r, 13);
  p = stepDouble(p, r, 12);
  p = stepDouble(p, r, 11);
  p = stepDouble(p, r, 10);
  p = stepDouble(p, r, 9);
  p = stepDouble(p, r, 8);
  p = stepDouble(p, r, 7);
  p = stepDouble(p, r, 6);
  p = stepDouble(p, r, 6);
  return i64x2.add(p, i64x2.shl(shifted, 52));
}

/**
 * ln(x) of positive normal numbers, to the last bit or two.
 *
 * x = 2^e m, m in [sqrt(1/2), sqrt(2)): ln m = 2 artanh((m - 1) / (m + 1)) by its series.
 */
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
