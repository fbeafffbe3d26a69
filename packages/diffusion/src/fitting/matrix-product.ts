/** Rows and columns of matrices for {@link multiply} are padded to a multiple of this. */
export const BLOCK = 4;

/** Smallest multiple of {@link BLOCK} that holds `n`. */
export function padded(n: number): number {
  return Math.ceil(n / BLOCK) * BLOCK;
}

/**
 * `c = a b` in blocks of 4 x 4 that stay in registers: the one inner loop of the fits.
 *
 * @param a `[rows][inner]`
 * @param b `[inner][columns]`
 * @param c `[rows][columns]`, overwritten
 * @param rows multiple of 4
 * @param columns multiple of 4
 */
export function multiply(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i += BLOCK)
    for (let j = 0; j < columns; j += BLOCK)
      multiplyBlock(a, b, c, i * inner, j, i * columns + j, inner, columns);
}

function multiplyBlock(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  a0: number,
  bColumn: number,
  cAt: number,
  inner: number,
  columns: number,
): void {
  const a1 = a0 + inner;
  const a2 = a1 + inner;
  const a3 = a2 + inner;
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (let k = 0, at = bColumn; k < inner; k++, at += columns) {
    const b0 = b[at] ?? 0;
    const b1 = b[at + 1] ?? 0;
    const b2 = b[at + 2] ?? 0;
    const b3 = b[at + 3] ?? 0;
    const x0 = a[a0 + k] ?? 0;
    c00 += x0 * b0;
    c01 += x0 * b1;
    c02 += x0 * b2;
    c03 += x0 * b3;
    const x1 = a[a1 + k] ?? 0;
    c10 += x1 * b0;
    c11 += x1 * b1;
    c12 += x1 * b2;
    c13 += x1 * b3;
    const x2 = a[a2 + k] ?? 0;
    c20 += x2 * b0;
    c21 += x2 * b1;
    c22 += x2 * b2;
    c23 += x2 * b3;
    const x3 = a[a3 + k] ?? 0;
    c30 += x3 * b0;
    c31 += x3 * b1;
    c32 += x3 * b2;
    c33 += x3 * b3;
  }
  storeRow(c, cAt, c00, c01, c02, c03);
  storeRow(c, cAt + columns, c10, c11, c12, c13);
  storeRow(c, cAt + 2 * columns, c20, c21, c22, c23);
  storeRow(c, cAt + 3 * columns, c30, c31, c32, c33);
}

function storeRow(c: Float64Array, at: number, v0: number, v1: number, v2: number, v3: number): void {
  c[at] = v0;
  c[at + 1] = v1;
  c[at + 2] = v2;
  c[at + 3] = v3;
}
