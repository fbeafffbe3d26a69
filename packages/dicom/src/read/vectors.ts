import type { Vector3 } from '@myelon/diffusion';

export function dot(p: Vector3, q: Vector3): number {
  return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
}

export function cross(p: Vector3, q: Vector3): Vector3 {
  return [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
}

export function length(p: Vector3): number {
  return Math.sqrt(dot(p, p));
}

export function distance(p: Vector3, q: Vector3): number {
  const [x, y, z] = [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
  return Math.sqrt(x * x + y * y + z * z);
}

export function minus(p: Vector3, q: Vector3): Vector3 {
  return [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
}

export function scaled(p: Vector3, factor: number): Vector3 {
  return [p[0] * factor, p[1] * factor, p[2] * factor];
}

export function plus(p: Vector3, q: Vector3): Vector3 {
  return [p[0] + q[0], p[1] + q[1], p[2] + q[2]];
}

/** Three numbers of a list from `at` on; undefined unless all are finite. */
export function vector3(list: readonly number[] | undefined, at = 0): Vector3 | undefined {
  const [x, y, z] = [list?.[at], list?.[at + 1], list?.[at + 2]];
  if (x === undefined || y === undefined || z === undefined) return undefined;
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z) ? [x, y, z] : undefined;
}

/** Angle between two axes (sign free) in degrees, 0 to 90. */
export function axialAngleDegrees(p: Vector3, q: Vector3): number {
  const sine = length(cross(p, q));
  return (Math.atan2(sine, Math.abs(dot(p, q))) * 180) / Math.PI;
}
