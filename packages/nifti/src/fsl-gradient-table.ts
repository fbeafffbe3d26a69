import { GradientTable, InputRefused, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { determinant, flipLeftRightAndFrontBack, steps, unit } from './affine-rotation';

/** Below this b-value in s/mm2 a vector in a .bvec says nothing (dcm2niix leaves b0 vectors unrotated). */
const LARGEST_B_WITHOUT_DIRECTION = 1;

/**
 * Reads `.bval` and `.bvec` of FSL. Vectors are components along the image axes, the first mirrored when the affine
 * (RAS) has a positive determinant; the result is in LPS.
 * Source: FSL FDT user guide ("What conventions do the bvecs use?").
 * @param grid of the image that the table belongs to, in the order of its file
 * @throws InputRefused when the texts do not hold one b-value and three components per volume
 */
export function readFslGradientTable(
  bval: string,
  bvec: string,
  grid: VoxelGrid,
  names: { readonly bval: string; readonly bvec: string } = { bval: '.bval', bvec: '.bvec' },
): GradientTable {
  const bValues = lines(bval, names.bval).flat();
  const components = vectorComponents(lines(bvec, names.bvec), bValues.length, names.bvec);
  const toPatient = imageToPatient(grid);
  const directions = bValues.flatMap((b, volume) => {
    if (b < LARGEST_B_WITHOUT_DIRECTION) return [0, 0, 0];
    const [x = 0, y = 0, z = 0] = components.map((row) => row[volume] ?? Number.NaN);
    return toPatient([x, y, z]);
  });
  return new GradientTable(bValues, directions, names.bvec);
}

/**
 * Writes a table as dcm2niix does: values separated by spaces, b-values in one line, components in three; volumes
 * without direction are 0 0 0.
 * @param grid of the image file that the table goes with
 */
export function writeFslGradientTable(table: GradientTable, grid: VoxelGrid): { bval: string; bvec: string } {
  const [right, anterior, superior] = imageAxes(grid);
  const columns = [...Array(table.count).keys()].map((volume) => {
    const [l, p, s] = table.direction(volume);
    const ras: Vector3 = [-l, -p, s];
    return [right, anterior, superior].map((axis) => axis[0] * ras[0] + axis[1] * ras[1] + axis[2] * ras[2]);
  });
  const line = (values: readonly number[]) => `${values.map(shortest).join(' ')}\n`;
  const bvec = [0, 1, 2].map((axis) => line(columns.map((column) => column[axis] ?? 0))).join('');
  return { bval: line([...table.bValues]), bvec };
}

/** Enough digits that direction and b-value come back to single precision. */
function shortest(value: number): string {
  const rounded = Number(value.toPrecision(9));
  return Math.abs(rounded) < 1e-12 ? '0' : String(rounded);
}

/** Unit vectors (RAS) whose components a .bvec holds. */
function imageAxes(grid: VoxelGrid): readonly [Vector3, Vector3, Vector3] {
  const affine = flipLeftRightAndFrontBack(grid.affine);
  const [column, row, slice] = steps(affine).map(unit) as unknown as [Vector3, Vector3, Vector3];
  const mirrored = determinant(affine) > 0;
  return [mirrored ? [-column[0], -column[1], -column[2]] : column, row, slice];
}

function imageToPatient(grid: VoxelGrid): (components: Vector3) => Vector3 {
  const [u, v, w] = imageAxes(grid);
  return ([x, y, z]) => {
    const along = (axis: 0 | 1 | 2) => x * u[axis] + y * v[axis] + z * w[axis];
    return [-along(0), -along(1), along(2)];
  };
}

function lines(text: string, name: string): number[][] {
  const rows = text
    .split(/\r?\n|\r/u)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/[\s,]+/u).map(Number));
  if (rows.length === 0) throw new InputRefused('empty', name, 'give the table that belongs to the images');
  if (rows.some((row) => row.some((value) => !Number.isFinite(value))))
    throw new InputRefused('something that is not a number', name, 'correct the table');
  return rows;
}

/** Three lines of one component per volume, or one line of three components per volume. */
function vectorComponents(rows: number[][], volumes: number, name: string): number[][] {
  if (rows.length === 3 && rows.every((row) => row.length === volumes)) return rows;
  if (rows.length === volumes && rows.every((row) => row.length === 3))
    return [0, 1, 2].map((axis) => rows.map((row) => row[axis] ?? Number.NaN));
  throw new InputRefused(
    `${String(rows.length)} lines of ${String(rows[0]?.length ?? 0)} numbers for ${String(volumes)} b-values`,
    name,
    'give three lines with one number per volume',
  );
}
