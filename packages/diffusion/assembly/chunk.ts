// A chunk of voxels: what is worked on at a time, in lanes of one vector after another.

/** Voxels worked on at a time: their signals and weights stay in the first-level cache. */
export const CHUNK: i32 = 32;

/** What is found of a voxel, one bit each. */
export const NON_POSITIVE: u8 = 1;
export const UNUSABLE: u8 = 2;
export const SINGULAR: u8 = 4;
/** Single precision may not do here: the voxel is to be fitted in double precision. */
export const DOUBTFUL: u8 = 8;

@inline
export function bytesPerRow<T extends number>(): usize {
  return CHUNK * sizeof<T>();
}

@inline
export function bits<T extends number>(flag: u8): v128 {
  if (sizeof<T>() == 4) return i32x4.splat(flag);
  return i64x2.splat(flag);
}

@inline
export function add<T extends number>(a: v128, b: v128): v128 {
  return v128.add<T>(a, b);
}

@inline
export function sub<T extends number>(a: v128, b: v128): v128 {
  return v128.sub<T>(a, b);
}

@inline
export function mul<T extends number>(a: v128, b: v128): v128 {
  return v128.mul<T>(a, b);
}

@inline
export function double<T extends number>(a: v128): v128 {
  return v128.add<T>(a, a);
}
