import {
  InputRefused,
  spacingMm,
  voxelCount,
  voxelToPatient,
  type GradientTable,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';

/** How the images were (supposedly) taken. */
export interface SimulatedSequence {
  readonly kind: 'diffusion' | 't2';
  readonly repetitionTimeMs: number;
  readonly echoTimeMs: number;
  readonly echoTrainLength: number;
}

export const DIFFUSION_SEQUENCE: SimulatedSequence = {
  kind: 'diffusion',
  repetitionTimeMs: 4200,
  echoTimeMs: 71,
  echoTrainLength: 1,
};
export const T2_SEQUENCE: SimulatedSequence = {
  kind: 't2',
  repetitionTimeMs: 3500,
  echoTimeMs: 102,
  echoTrainLength: 15,
};

/** A series to write as DICOM. */
export interface ImageSeries {
  readonly description: string;
  readonly protocolName: string;
  /** From 1; also decides the order within the study. */
  readonly seriesNumber: number;
  readonly sequence: SimulatedSequence;
  readonly grid: VoxelGrid;
  /** Null for one volume without diffusion weighting. */
  readonly gradients: GradientTable | null;
  /** `[volume][slice][row][column]`. */
  readonly values: Float32Array;
}

/** Where the slices of a grid lie, in DICOM's terms. */
export interface SlicePlanes {
  /** Row direction (growing column), then column direction (growing row). */
  readonly orientation: readonly number[];
  readonly positions: readonly Vector3[];
  /** Between rows, then between columns, mm. */
  readonly pixelSpacing: readonly [number, number];
  readonly sliceSpacing: number;
}

/** @throws InputRefused when the axes of the grid are not perpendicular: such a stack is no DICOM series */
export function slicePlanes(grid: VoxelGrid, where: string): SlicePlanes {
  const a = grid.affine;
  const [columnMm, rowMm, sliceMm] = spacingMm(grid);
  const row = [a[0] / columnMm, a[4] / columnMm, a[8] / columnMm];
  const column = [a[1] / rowMm, a[5] / rowMm, a[9] / rowMm];
  const through = [a[2] / sliceMm, a[6] / sliceMm, a[10] / sliceMm];
  const dot = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, axis) => sum + value * (q[axis] ?? 0), 0);
  if ([dot(row, column), dot(row, through), dot(column, through)].some((cosine) => Math.abs(cosine) > 1e-3)) {
    throw new InputRefused('rows, columns and slices are not perpendicular', where, 'resample it first');
  }
  return {
    orientation: [...row, ...column],
    positions: Array.from({ length: grid.slices }, (_, slice) => voxelToPatient(grid, [0, 0, slice])),
    pixelSpacing: [rowMm, columnMm],
    sliceSpacing: sliceMm,
  };
}

/** Values as 16-bit integers: value = stored x slope + intercept. */
export interface StoredPixels {
  readonly stored: Uint16Array;
  readonly slope: number;
  readonly intercept: number;
  readonly windowCentre: number;
  readonly windowWidth: number;
}

/**
 * Whole numbers from 0 to 65535 are kept as they are; anything else is scaled to 16 bits.
 * @throws InputRefused when a value is not finite
 */
export function storePixels(values: Float32Array, where: string): StoredPixels {
  let low = Infinity;
  let high = -Infinity;
  let whole = true;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  if (!Number.isFinite(low) || !Number.isFinite(high) || values.some(Number.isNaN)) {
    throw new InputRefused('a pixel is not a number', where, 'replace it with 0');
  }
  const asTheyAre = whole && low >= 0 && high <= 65535;
  const slope = asTheyAre ? 1 : Math.max(high - low, Number.MIN_VALUE) / 65535;
  const intercept = asTheyAre ? 0 : low;
  const stored = asTheyAre
    ? Uint16Array.from(values)
    : Uint16Array.from(values, (value) => Math.round((value - intercept) / slope));
  // Bright enough for a person without computing a histogram: half of the range.
  return {
    stored,
    slope,
    intercept,
    windowCentre: low + (high - low) / 4,
    windowWidth: (high - low) / 2 || 1,
  };
}

/** Number of volumes in the series. */
export function volumesIn(series: ImageSeries): number {
  return series.values.length / voxelCount(series.grid);
}
