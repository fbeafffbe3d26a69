import type { Affine, Vector3 } from '@myelon/diffusion';

/** LPS and RAS differ in the sign of the first two coordinates; the same step leads back. */
export function flipLeftRightAndFrontBack(affine: Affine): Affine {
  return affine.map((value, index) => (index < 8 ? -value : value)) as unknown as Affine;
}

/** Columns of the linear part: one step along column, row and slice index, in mm. */
export function steps(affine: Affine): readonly [Vector3, Vector3, Vector3] {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  return [
    [a, d, g],
    [b, e, h],
    [c, f, i],
  ];
}

export function determinant(affine: Affine): number {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

export function unit(vector: Vector3): Vector3 {
  const size = Math.hypot(...vector);
  return [vector[0] / size, vector[1] / size, vector[2] / size];
}

/** Rotation as NIfTI stores it: quaternion b, c, d (a follows, not negative) and handedness qfac. */
export interface Quaternion {
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly qfac: 1 | -1;
}

/**
 * Quaternion of the rotation in an affine (RAS). A shear, which a quaternion cannot hold, is dropped.
 * Source: NIfTI-1 standard, "method 2".
 */
export function quaternionOf(affine: Affine): Quaternion {
  const [u, v, w] = steps(affine).map(unit) as unknown as [Vector3, Vector3, Vector3];
  const qfac = determinant(affine) < 0 ? -1 : 1;
  const [x, y, z] = w.map((value) => value * qfac) as unknown as Vector3;
  const [m00, m10, m20] = u;
  const [m01, m11, m21] = v;
  const trace = m00 + m11 + z;
  let four: [number, number, number, number];
  if (trace > 0) four = [1 + trace, m21 - y, x - m20, m10 - m01];
  else if (m00 >= m11 && m00 >= z) four = [m21 - y, 1 + m00 - m11 - z, m01 + m10, x + m20];
  else if (m11 >= z) four = [x - m20, m01 + m10, 1 + m11 - m00 - z, y + m21];
  else four = [m10 - m01, x + m20, y + m21, 1 + z - m00 - m11];
  const size = Math.hypot(...four) * (four[0] < 0 ? -1 : 1);
  return { b: four[1] / size, c: four[2] / size, d: four[3] / size, qfac };
}

/** Affine (RAS) of NIfTI-1 "method 2". */
export function affineOfQuaternion({ b, c, d, qfac }: Quaternion, spacing: Vector3, offset: Vector3): Affine {
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const [dx, dy, dz] = [spacing[0], spacing[1], spacing[2] * qfac];
  return [
    (a * a + b * b - c * c - d * d) * dx, 2 * (b * c - a * d) * dy, 2 * (b * d + a * c) * dz, offset[0],
    2 * (b * c + a * d) * dx, (a * a + c * c - b * b - d * d) * dy, 2 * (c * d - a * b) * dz, offset[1],
    2 * (b * d - a * c) * dx, 2 * (c * d + a * b) * dy, (a * a + d * d - b * b - c * c) * dz, offset[2],
  ]; // prettier-ignore
}
