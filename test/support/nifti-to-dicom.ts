import { readFileSync } from 'node:fs';
import { diffusionVolume, type Affine, type DiffusionVolume, type VoxelGrid } from '@myelon/diffusion';
import { readFslGradientTable, readNifti } from '@myelon/nifti';
import { diffusionVolumeToDicom, simulatedStudy, type DicomEncoding, type DicomFile } from '@myelon/phantom';

/** NIfTI diffusion series on disk, with its FSL gradient table. */
export interface NiftiDiffusionFiles {
  readonly image: string;
  readonly bval: string;
  readonly bvec: string;
}

/** Reads a NIfTI diffusion series and lays its voxels out the way scanners write DICOM. */
export function readNiftiDiffusion(files: NiftiDiffusionFiles, name: string): DiffusionVolume {
  const image = readNifti(readFileSync(files.image), name);
  const gradients = readFslGradientTable(
    readFileSync(files.bval, 'utf8'),
    readFileSync(files.bvec, 'utf8'),
    image.grid,
  );
  return inScannerOrder(
    diffusionVolume({ grid: image.grid, gradients, signal: image.data, sources: [], name }),
  );
}

/** Turns a real NIfTI diffusion series into a DICOM study, for tests of what reads DICOM. */
export function niftiDiffusionToDicom(
  files: NiftiDiffusionFiles,
  as: { readonly encoding: DicomEncoding; readonly name: string; readonly seed?: number },
): DicomFile[] {
  const study = simulatedStudy(as.seed ?? 1000, {
    patientName: `Real^${as.name.replace(/[^A-Za-z0-9]/g, '')}`,
    patientID: `REAL-${as.name.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}`,
    studyDescription: 'Converted from NIfTI for tests',
    manufacturer: 'Myelon test conversion',
  });
  return diffusionVolumeToDicom(readNiftiDiffusion(files, as.name), study, {
    encoding: as.encoding,
    description: as.name,
    seriesNumber: 1,
    folder: 'dwi',
  });
}

/**
 * Flips indices so that columns run to the left or the back, rows to the back or the feet, and slices along
 * row x column. No voxel moves in the body. Axial, sagittal and coronal stacks keep their axes in order.
 */
export function inScannerOrder(volume: DiffusionVolume): DiffusionVolume {
  const { grid } = volume;
  const column = (axis: 0 | 1 | 2) =>
    [grid.affine[axis], grid.affine[axis + 4], grid.affine[axis + 8]] as number[];
  const preferred = (axis: number[]) => {
    const strongest = axis.reduce(
      (best, value, at) => (Math.abs(value) > Math.abs(axis[best] ?? 0) ? at : best),
      0,
    );
    return (axis[strongest] ?? 0) > 0 === strongest < 2;
  };
  const flips = [!preferred(column(0)), !preferred(column(1)), false] as [boolean, boolean, boolean];
  const sign = (axis: 0 | 1 | 2) => (flips[axis] ? -1 : 1);
  const [r, c, n] = [column(0), column(1), column(2)];
  const at = (vector: number[], index: number) => vector[index] ?? 0;
  const handedness =
    at(n, 0) * (at(r, 1) * at(c, 2) - at(r, 2) * at(c, 1)) +
    at(n, 1) * (at(r, 2) * at(c, 0) - at(r, 0) * at(c, 2)) +
    at(n, 2) * (at(r, 0) * at(c, 1) - at(r, 1) * at(c, 0));
  flips[2] = handedness * sign(0) * sign(1) < 0;
  return flipped(volume, flips);
}

function flipped(volume: DiffusionVolume, flips: readonly [boolean, boolean, boolean]): DiffusionVolume {
  const { columns, rows, slices, affine } = volume.grid;
  const sizes = [columns, rows, slices];
  const turned = [...affine];
  flips.forEach((flip, axis) => {
    if (!flip) return;
    for (let line = 0; line < 3; line++) {
      const step = turned[4 * line + axis] ?? 0;
      turned[4 * line + 3] = (turned[4 * line + 3] ?? 0) + step * ((sizes[axis] ?? 1) - 1);
      turned[4 * line + axis] = -step;
    }
  });
  const grid: VoxelGrid = { ...volume.grid, affine: turned as unknown as Affine };
  const index = (size: number, position: number, flip: boolean) => (flip ? size - 1 - position : position);
  const signal = volume.signal.map((_, voxel) => {
    const column = index(columns, voxel % columns, flips[0]);
    const row = index(rows, Math.floor(voxel / columns) % rows, flips[1]);
    const slice = index(slices, Math.floor(voxel / (columns * rows)) % slices, flips[2]);
    const image = Math.floor(voxel / (columns * rows * slices));
    return volume.signal[((image * slices + slice) * rows + row) * columns + column] ?? 0;
  });
  return { ...volume, grid, signal };
}
