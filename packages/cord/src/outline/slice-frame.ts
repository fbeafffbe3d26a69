import { InputRefused, voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';

/**
 * Millimetres in the plane of a slice: `u` to the patient's left, `v` to the back, both measured from the centre of
 * voxel (0, 0). A cord is wide in u and flat in v whichever way the matrix is turned.
 */
export interface SliceFrame {
  /** Column and row index per mm of u and of v. */
  readonly columnPerU: number;
  readonly columnPerV: number;
  readonly rowPerU: number;
  readonly rowPerV: number;
  /** Mm of u and of v per column and per row. */
  readonly uPerColumn: number;
  readonly vPerColumn: number;
  readonly uPerRow: number;
  readonly vPerRow: number;
  readonly columnMm: number;
  readonly rowMm: number;
  /** Distance between slice planes, mm. */
  readonly sliceMm: number;
}

/** Slices whose normal leans further than this from the body axis do not cut a cervical cord across. */
const MOST_TILT_DEGREES = 50;

/** @throws InputRefused when slices do not run across the cord, or rows and columns are not perpendicular */
export function sliceFrame(grid: VoxelGrid): SliceFrame {
  const a = grid.affine;
  const column: Vector3 = [a[0], a[4], a[8]];
  const row: Vector3 = [a[1], a[5], a[9]];
  const columnMm = Math.hypot(...column);
  const rowMm = Math.hypot(...row);
  const c = column.map((value) => value / columnMm) as unknown as Vector3;
  const r = row.map((value) => value / rowMm) as unknown as Vector3;
  const normal: Vector3 = [c[1] * r[2] - c[2] * r[1], c[2] * r[0] - c[0] * r[2], c[0] * r[1] - c[1] * r[0]];
  if (Math.abs(c[0] * r[0] + c[1] * r[1] + c[2] * r[2]) > 0.02) {
    throw new InputRefused(
      'rows and columns are not perpendicular',
      'cord outline',
      'resample the image first',
    );
  }
  if (Math.abs(normal[2]) < Math.cos((MOST_TILT_DEGREES * Math.PI) / 180)) {
    throw new InputRefused(
      'the slices do not run across the neck',
      'cord outline',
      'choose an axial series, or outline by hand',
    );
  }
  // Left is +x in LPS; its shadow on the plane is u.
  const shadow = Math.hypot(c[0], r[0]);
  const [uc, ur] = [c[0] / shadow, r[0] / shadow];
  const backwards = -ur * c[1] + uc * r[1] < 0 ? -1 : 1;
  const [vc, vr] = [-ur * backwards, uc * backwards];
  const through: Vector3 = [a[2], a[6], a[10]];
  return {
    columnPerU: uc / columnMm,
    columnPerV: vc / columnMm,
    rowPerU: ur / rowMm,
    rowPerV: vr / rowMm,
    uPerColumn: uc * columnMm,
    vPerColumn: vc * columnMm,
    uPerRow: ur * rowMm,
    vPerRow: vr * rowMm,
    columnMm,
    rowMm,
    sliceMm: Math.abs(through[0] * normal[0] + through[1] * normal[1] + through[2] * normal[2]),
  };
}

/** A point of a slice. */
export interface PlanePoint {
  readonly u: number;
  readonly v: number;
}

/** Fractional column and row of a point. */
export function toPixel(frame: SliceFrame, { u, v }: PlanePoint): readonly [number, number] {
  return [frame.columnPerU * u + frame.columnPerV * v, frame.rowPerU * u + frame.rowPerV * v];
}

export function fromPixel(frame: SliceFrame, column: number, row: number): PlanePoint {
  return {
    u: frame.uPerColumn * column + frame.uPerRow * row,
    v: frame.vPerColumn * column + frame.vPerRow * row,
  };
}

/** Position of a point of a slice in LPS mm. */
export function toPatient(grid: VoxelGrid, frame: SliceFrame, point: PlanePoint, slice: number): Vector3 {
  const [column, row] = toPixel(frame, point);
  return voxelToPatient(grid, [column, row, slice]);
}
