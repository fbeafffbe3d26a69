import type { Vector3 } from '@myelon/diffusion';

// Local names: in a sandboxed context every look-up of the global Math costs more than the function itself.
const { sqrt, max, hypot, cos, sin, PI } = Math;

/**
 * Unit vectors spread evenly over the sphere as axes (g and -g are one direction), by electrostatic repulsion from
 * a golden-angle start. Jones et al., Magn Reson Med 1999;42:515.
 * @param count how many, at least 1
 */
export function spreadDirections(count: number): Vector3[] {
  let directions = Array.from({ length: count }, (_, index): Vector3 => {
    const z = 1 - (index + 0.5) / count;
    const angle = index * PI * (3 - sqrt(5));
    const across = sqrt(1 - z * z);
    return [across * cos(angle), across * sin(angle), z];
  });
  for (let pass = 0; pass < 400; pass++) {
    const step = 0.3 / count / (1 + pass / 40);
    directions = directions.map((one, index) => repelled(one, index, directions, step));
  }
  return directions;
}

function repelled([x, y, z]: Vector3, index: number, all: readonly Vector3[], step: number): Vector3 {
  let [fx, fy, fz] = [0, 0, 0];
  all.forEach(([ox, oy, oz], other) => {
    if (other === index) return;
    for (const sign of [1, -1]) {
      const [dx, dy, dz] = [x - sign * ox, y - sign * oy, z - sign * oz];
      const cubed = max(sqrt(dx * dx + dy * dy + dz * dz), 1e-6) ** 3;
      fx += dx / cubed;
      fy += dy / cubed;
      fz += dz / cubed;
    }
  });
  const [nx, ny, nz] = [x + step * fx, y + step * fy, z + step * fz];
  const length = hypot(nx, ny, nz);
  return [nx / length, ny / length, nz / length];
}

/**
 * Three orthogonal directions that make the same angle (54.7 degrees) with the z axis, as scanners use for IVIM and
 * trace images: a cord along z then decays alike in all three.
 */
export const TRACE_DIRECTIONS: readonly Vector3[] = [0, 120, 240].map((degrees) => {
  const angle = (degrees * PI) / 180;
  const across = sqrt(2 / 3);
  return [across * cos(angle), across * sin(angle), sqrt(1 / 3)];
});
