import { InputRefused, patientToVoxel, voxelCount, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { integer, item, items, number, string, tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { parsePart10 } from '../dataset/part10';
import { sameCode } from '../codes/code';
import { CONCEPTS } from '../codes/concepts';
import { QUANTITY_CODING, REPORTED_QUANTITIES, type ReportedQuantity } from '../codes/quantities';
import { codeOf, codeValueOf, conceptName } from '../structured-report/content-tree';
import { PARAMETRIC_MAP_STORAGE } from './content';

/** A frame counts as lying on a slice when its corner is this close, in voxels. */
const ON_GRID_TOLERANCE = 0.05;

export interface ReadParametricMap {
  readonly quantity: ReportedQuantity;
  readonly grid: VoxelGrid;
  /** `[slice][row][column]` in the stored unit (mm2/s, fraction). */
  readonly values: Float32Array;
}

/**
 * Reads a Parametric Map with float pixels of a quantity Myelon knows.
 *
 * @param grid of the images it was made on
 * @throws InputRefused for another kind of object, an unknown quantity or unit, or frames off the grid
 */
export function readParametricMap(bytes: Uint8Array, grid: VoxelGrid): ReadParametricMap {
  const where = 'parametric map';
  const { dataset, pixelData } = parsePart10(bytes, where);
  if (string(dataset, '00080016') !== PARAMETRIC_MAP_STORAGE)
    throw new InputRefused('not a Parametric Map', where, 'choose another object');
  if (pixelData?.kind !== 'native' || pixelData.vr !== 'OF')
    throw new InputRefused('its pixels are not 32-bit floats', where, 'choose a map with float pixels');
  const mapping = item(item(dataset, '52009229') ?? {}, '00409096') ?? {};
  const quantity = quantityOf(mapping);
  if (!quantity)
    throw new InputRefused(
      'its quantity or unit is not one of ours',
      where,
      'choose an FA, diffusivity or f map',
    );
  const slope = number(mapping, '00409225') ?? 1;
  const intercept = number(mapping, '00409224') ?? 0;
  const { factor } = QUANTITY_CODING[quantity];
  const stored = floats(pixelData.bytes);
  const perSlice = grid.rows * grid.columns;
  const frames = items(dataset, '52009230');
  if (stored.length < frames.length * perSlice)
    throw new InputRefused('fewer pixels than its frames need', where, 'fetch it again');
  const values = new Float32Array(voxelCount(grid));
  for (const [index, frame] of frames.entries()) {
    const slice = sliceOf(frame, dataset, grid, where);
    for (let pixel = 0; pixel < perSlice; pixel++) {
      const value = stored[index * perSlice + pixel] ?? 0;
      values[slice * perSlice + pixel] = (value * slope + intercept) / factor;
    }
  }
  return { quantity, grid, values };
}

function quantityOf(mapping: DicomJsonDataset): ReportedQuantity | undefined {
  const definition = items(mapping, '00409220').find((entry) => {
    const name = conceptName(entry);
    return name !== null && sameCode(name, CONCEPTS.quantity);
  });
  const code = codeValueOf(definition);
  const unit = codeOf(item(mapping, '004008EA'));
  return REPORTED_QUANTITIES.find((candidate) => {
    const coding = QUANTITY_CODING[candidate];
    return code && unit && sameCode(coding.concept, code) && sameCode(coding.unit, unit);
  });
}

function floats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.slice(0, bytes.length - (bytes.length % 4));
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function sliceOf(frame: DicomJsonDataset, dataset: DicomJsonDataset, grid: VoxelGrid, where: string): number {
  const position = tuple(item(frame, '00209113') ?? {}, '00200032', 3);
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = position ?? [];
  const corner: Vector3 = [x, y, z];
  const [column, row, slice] = patientToVoxel(grid, corner);
  const nearest = Math.round(slice);
  const fits =
    Math.max(Math.abs(column), Math.abs(row), Math.abs(slice - nearest)) <= ON_GRID_TOLERANCE &&
    nearest >= 0 &&
    nearest < grid.slices &&
    integer(dataset, '00280010') === grid.rows &&
    integer(dataset, '00280011') === grid.columns;
  if (!fits)
    throw new InputRefused(
      'its frames do not lie on the slices of these images',
      where,
      'open its own series',
    );
  return nearest;
}
