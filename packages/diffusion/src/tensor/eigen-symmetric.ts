/**
 * Eigenvalues and principal direction of a symmetric 3 x 3 matrix, without allocation.
 *
 * Eigenvalues by the trigonometric solution of the characteristic cubic (Smith, Commun ACM 1961;4:168), the
 * direction from the best conditioned cross product of two rows of `A - l1 I`. The diagonal is reduced by its mean
 * and the matrix scaled first, so accuracy does not depend on the unit of the elements.
 *
 * @param at offset of the six elements xx, yy, zz, xy, xz, yz in `elements`
 * @param out receives l1 >= l2 >= l3 and the unit vector x, y, z of l1 (z >= 0; (0, 0, 1) when all are equal)
 */
export function eigenSymmetric(elements: Float64Array, at: number, out: Float64Array): void {
  const mean = ((elements[at] ?? 0) + (elements[at + 1] ?? 0) + (elements[at + 2] ?? 0)) / 3;
  let xx = (elements[at] ?? 0) - mean;
  let yy = (elements[at + 1] ?? 0) - mean;
  let zz = (elements[at + 2] ?? 0) - mean;
  let xy = elements[at + 3] ?? 0;
  let xz = elements[at + 4] ?? 0;
  let yz = elements[at + 5] ?? 0;
  const scale = Math.sqrt((xx * xx + yy * yy + zz * zz + 2 * (xy * xy + xz * xz + yz * yz)) / 6);
  if (!(scale > 1e-14 * Math.abs(mean)) || scale === 0) {
    out[0] = mean;
    out[1] = mean;
    out[2] = mean;
    out[3] = 0;
    out[4] = 0;
    out[5] = 1;
    return;
  }
  xx /= scale;
  yy /= scale;
  zz /= scale;
  xy /= scale;
  xz /= scale;
  yz /= scale;
  const halfDeterminant =
    0.5 * (xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz));
  const angle = Math.acos(halfDeterminant > 1 ? 1 : halfDeterminant < -1 ? -1 : halfDeterminant) / 3;
  const largest = 2 * Math.cos(angle);
  const smallest = 2 * Math.cos(angle + (2 * Math.PI) / 3);
  out[0] = mean + scale * largest;
  out[1] = mean - scale * (largest + smallest);
  out[2] = mean + scale * smallest;
  principalDirection(xx - largest, yy - largest, zz - largest, xy, xz, yz, out);
}

/** Null vector of a singular symmetric matrix: the longest of the three cross products of its rows. */
function principalDirection(
  xx: number,
  yy: number,
  zz: number,
  xy: number,
  xz: number,
  yz: number,
  out: Float64Array,
): void {
  const ax = xy * yz - xz * yy;
  const ay = xz * xy - xx * yz;
  const az = xx * yy - xy * xy;
  const bx = xy * zz - xz * yz;
  const by = xz * xz - xx * zz;
  const bz = xx * yz - xy * xz;
  const cx = yy * zz - yz * yz;
  const cy = yz * xz - xy * zz;
  const cz = xy * yz - yy * xz;
  const a = ax * ax + ay * ay + az * az;
  const b = bx * bx + by * by + bz * bz;
  const c = cx * cx + cy * cy + cz * cz;
  let x = ax;
  let y = ay;
  let z = az;
  let squared = a;
  if (b > squared) {
    x = bx;
    y = by;
    z = bz;
    squared = b;
  }
  if (c > squared) {
    x = cx;
    y = cy;
    z = cz;
    squared = c;
  }
  // Two equal largest eigenvalues leave a matrix of rank 1: any vector across its row will do.
  if (!(squared > 1e-24)) return acrossRank1(xx, yy, zz, xy, xz, yz, out);
  const factor = (z < 0 ? -1 : 1) / Math.sqrt(squared);
  out[3] = x * factor;
  out[4] = y * factor;
  out[5] = z * factor;
}

/** A unit vector across the longest row of a matrix of rank 1. */
function acrossRank1(
  xx: number,
  yy: number,
  zz: number,
  xy: number,
  xz: number,
  yz: number,
  out: Float64Array,
): void {
  const [rx, ry, rz] =
    Math.abs(xx) >= Math.abs(yy) && Math.abs(xx) >= Math.abs(zz)
      ? [xx, xy, xz]
      : Math.abs(yy) >= Math.abs(zz)
        ? [xy, yy, yz]
        : [xz, yz, zz];
  const [x, y, z] = Math.abs(rx) > Math.abs(rz) ? [-ry, rx, 0] : [0, -rz, ry];
  const length = Math.hypot(x, y, z) || 1;
  const sign = z < 0 ? -1 : 1;
  out[3] = (sign * x) / length;
  out[4] = (sign * y) / length;
  out[5] = (sign * z) / length;
}
