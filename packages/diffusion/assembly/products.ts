// Sums over measurements, out[i][voxel] = sum over rows of basis[row][i] x values[row][voxel], for two vectors of voxels
// at a time, so that every number of the basis is used twice once it is loaded. Sums stay in registers.

/** Five sums. Strides are in bytes; `out` advances by `outStride` from sum to sum. */
export function sumFive<T extends number>(
  basis: usize, basisStride: usize, values: usize, valueStride: usize, rows: i32, out: usize, outStride: usize,
): void {
  const size = sizeof<T>();
  let a0 = v128.splat<T>(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
  for (let row = 0; row < rows; row++) {
    const x = v128.load(values);
    const y = v128.load(values, 16);
    let c = v128.load_splat<T>(basis);
    a0 = v128.add<T>(a0, v128.mul<T>(c, x));
    b0 = v128.add<T>(b0, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + size);
    a1 = v128.add<T>(a1, v128.mul<T>(c, x));
    b1 = v128.add<T>(b1, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 2 * size);
    a2 = v128.add<T>(a2, v128.mul<T>(c, x));
    b2 = v128.add<T>(b2, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 3 * size);
    a3 = v128.add<T>(a3, v128.mul<T>(c, x));
    b3 = v128.add<T>(b3, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 4 * size);
    a4 = v128.add<T>(a4, v128.mul<T>(c, x));
    b4 = v128.add<T>(b4, v128.mul<T>(c, y));
    basis += basisStride;
    values += valueStride;
  }
  store2(out, a0, b0);
  store2(out + outStride, a1, b1);
  store2(out + 2 * outStride, a2, b2);
  store2(out + 3 * outStride, a3, b3);
  store2(out + 4 * outStride, a4, b4);
}

/** Six sums, otherwise as {@link sumFive}. */
export function sumSix<T extends number>(
  basis: usize, basisStride: usize, values: usize, valueStride: usize, rows: i32, out: usize, outStride: usize,
): void {
  const size = sizeof<T>();
  let a0 = v128.splat<T>(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
  for (let row = 0; row < rows; row++) {
    const x = v128.load(values);
    const y = v128.load(values, 16);
    let c = v128.load_splat<T>(basis);
    a0 = v128.add<T>(a0, v128.mul<T>(c, x));
    b0 = v128.add<T>(b0, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + size);
    a1 = v128.add<T>(a1, v128.mul<T>(c, x));
    b1 = v128.add<T>(b1, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 2 * size);
    a2 = v128.add<T>(a2, v128.mul<T>(c, x));
    b2 = v128.add<T>(b2, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 3 * size);
    a3 = v128.add<T>(a3, v128.mul<T>(c, x));
    b3 = v128.add<T>(b3, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 4 * size);
    a4 = v128.add<T>(a4, v128.mul<T>(c, x));
    b4 = v128.add<T>(b4, v128.mul<T>(c, y));
    c = v128.load_splat<T>(basis + 5 * size);
    a5 = v128.add<T>(a5, v128.mul<T>(c, x));
    b5 = v128.add<T>(b5, v128.mul<T>(c, y));
    basis += basisStride;
    values += valueStride;
  }
  store2(out, a0, b0);
  store2(out + outStride, a1, b1);
  store2(out + 2 * outStride, a2, b2);
  store2(out + 3 * outStride, a3, b3);
  store2(out + 4 * outStride, a4, b4);
  store2(out + 5 * outStride, a5, b5);
}

@inline
function store2(at: usize, first: v128, second: v128): void {
  v128.store(at, first);
  v128.store(at, second, 16);
}
