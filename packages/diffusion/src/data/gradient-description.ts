import { B0_LIMIT_S_PER_MM2, type GradientTable } from './gradient-table';

/** Directions closer than this, in degrees, are one direction; g and -g are one. */
const SAME_DIRECTION_DEGREES = 3;

/** A shell needs this many different directions to carry a tensor. */
export const TENSOR_DIRECTIONS = 6;

/** Number of different diffusion directions (axes: g and -g count once) among some volumes. */
export function countDirections(table: GradientTable, volumes: readonly number[]): number {
  const limit = Math.cos((SAME_DIRECTION_DEGREES * Math.PI) / 180);
  const axes: (readonly [number, number, number])[] = [];
  for (const volume of volumes) {
    if (!table.hasDirection(volume)) continue;
    const [x, y, z] = table.direction(volume);
    if (!axes.some(([p, q, r]) => Math.abs(x * p + y * q + z * r) > limit)) axes.push([x, y, z]);
  }
  return axes.length;
}

/**
 * A gradient table in a few words for a person choosing a series: "30 directions b 800, 5 b0",
 * "16 b-values 0-800, 3 directions".
 */
export function describeGradientTable(table: GradientTable): string {
  const shells = table.shells();
  const tensorShells = shells.filter(
    (shell) =>
      shell.bValue > B0_LIMIT_S_PER_MM2 && countDirections(table, shell.volumes) >= TENSOR_DIRECTIONS,
  );
  const parts = tensorShells.map((shell) => {
    const directions = countDirections(table, shell.volumes);
    const repeats = shell.volumes.length > directions ? ` (${String(shell.volumes.length)} volumes)` : '';
    return `${String(directions)} directions b ${roundB(shell.bValue)}${repeats}`;
  });
  if (parts.length > 0) {
    const others = shells.filter(
      (shell) => shell.bValue > B0_LIMIT_S_PER_MM2 && !tensorShells.includes(shell),
    );
    if (others.length > 0) parts.push(`${count(others.length, 'other b-value')}`);
    return [...parts, `${String(table.b0Volumes().length)} b0`].join(', ');
  }
  const bValues = shells.map((shell) => shell.bValue);
  const range =
    bValues.length === 1
      ? `b ${roundB(bValues[0] ?? 0)}`
      : `${count(bValues.length, 'b-value')} ${roundB(bValues[0] ?? 0)}-${roundB(bValues.at(-1) ?? 0)}`;
  const directions = countDirections(table, [...table.bValues.keys()]);
  return `${range}, ${directions === 0 ? 'no directions' : count(directions, 'direction')}`;
}

function count(n: number, what: string): string {
  return `${String(n)} ${what}${n === 1 ? '' : 's'}`;
}

function roundB(bValue: number): string {
  return String(bValue < 20 ? Math.round(bValue * 100) / 100 : Math.round(bValue));
}
