import { cordMask, resampleMask, type CordMask } from '@myelon/cord';
import {
  parsePart10,
  readSegmentation,
  readStructureSet,
  roiVoxels,
  RT_STRUCTURE_SET_STORAGE,
  SEGMENTATION_STORAGE,
  string,
  Tag,
} from '@myelon/dicom';
import { InputRefused, type VoxelGrid } from '@myelon/diffusion';

/** A series a mask may belong to. */
export interface MaskedSeries {
  readonly name: string;
  readonly grid: VoxelGrid;
}

/**
 * Reads a cord mask from a Segmentation or an RT Structure Set. A Segmentation of other images of the same frame of
 * reference is taken voxel by voxel from where it lies (nearest neighbour); nothing is registered.
 * @returns the mask on the grid of the first series it fits
 * @throws InputRefused when it is neither, names no cord, or fits no series
 */
export function dicomMask(bytes: Uint8Array, path: string, series: readonly MaskedSeries[]): CordMask {
  const sopClass = string(parsePart10(bytes, path).dataset, Tag.SOPClassUID);
  if (sopClass !== SEGMENTATION_STORAGE && sopClass !== RT_STRUCTURE_SET_STORAGE) {
    throw new InputRefused(
      'neither a Segmentation nor an RT Structure Set',
      path,
      'give a SEG, an RTSTRUCT or a NIfTI of the cord',
    );
  }
  const read = sopClass === SEGMENTATION_STORAGE ? segmentedCord : contouredCord;
  let last: unknown;
  for (const { grid } of series) {
    try {
      return cordMask({ grid, labels: read(bytes, path, grid), method: 'imported' });
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      last = error;
    }
  }
  throw last ?? new InputRefused('no series it could belong to', path, 'give a diffusion series');
}

function segmentedCord(bytes: Uint8Array, path: string, grid: VoxelGrid): Uint8Array {
  const cordOf = (onto?: VoxelGrid) => {
    const read = readSegmentation(bytes, onto);
    return { grid: read.grid, labels: theCord(read.segments, ({ label }) => label, path).voxels };
  };
  try {
    return cordOf(grid).labels;
  } catch (error) {
    const own = error instanceof InputRefused ? cordOf() : null;
    const frame = own?.grid.frameOfReferenceUID;
    if (!own || frame === undefined || frame !== grid.frameOfReferenceUID) throw error;
    return resampleMask({ ...own, method: 'imported' }, grid).labels;
  }
}

function contouredCord(bytes: Uint8Array, path: string, grid: VoxelGrid): Uint8Array {
  const drawn = readStructureSet(bytes).rois.filter(({ contours }) => contours.length > 0);
  return roiVoxels(
    theCord(drawn, ({ name }) => name, path),
    grid,
  );
}

/** The only one, or the only one called cord: the whole cord before parts of it. */
function theCord<T>(all: readonly T[], nameOf: (one: T) => string, path: string): T {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  for (const pattern of [/^(spinal[ _-]?)?cord$/i, /cord|myelon|medulla/i]) {
    const [found, second] = all.filter((one) => pattern.test(nameOf(one).trim()));
    if (found !== undefined && second === undefined) return found;
  }
  const names = all.map(nameOf).join(', ') || 'nothing';
  throw new InputRefused(`it holds ${names}: which is the cord?`, path, 'call one of them "Spinal cord"');
}
