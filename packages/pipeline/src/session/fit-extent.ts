import { meanOfVolumes, voxelCount, type DiffusionVolume } from '@myelon/diffusion';

/**
 * Where models are fitted: exactly the mask, the cord with its surroundings, that and everything that is not air, or
 * every voxel.
 */
export type FitExtent = 'mask' | 'cord' | 'field' | 'all';

/** How far beyond the cord voxels are fitted too, so that an edited outline finds its values, in voxels. */
const CORD_MARGIN_VOXELS = 6;

/** Share of the bright signal (99th percentile) below which a voxel is air. */
const BACKGROUND_SHARE = 0.1;

/**
 * Voxels to fit, 1 per voxel of the volume's grid. The cord with its margin is always in; with extent 'field' also
 * every voxel whose least weighted image is brighter than background. Extent 'mask' has no margin.
 *
 * @param cordBySlice linear indices of cord voxels on the volume's grid, by slice
 */
export function voxelsToFit(
  volume: DiffusionVolume,
  cordBySlice: readonly (readonly number[])[],
  extent: FitExtent,
): Uint8Array {
  const fit = new Uint8Array(voxelCount(volume.grid));
  if (extent === 'all') return fit.fill(1);
  if (extent === 'field') addForeground(fit, volume);
  const margin = extent === 'mask' ? 0 : CORD_MARGIN_VOXELS;
  const { columns, rows } = volume.grid;
  for (const index of cordBySlice.flat()) {
    const column = index % columns;
    const row = Math.floor(index / columns) % rows;
    const sliceStart = index - row * columns - column;
    const firstRow = Math.max(0, row - margin);
    const lastRow = Math.min(rows - 1, row + margin);
    const firstColumn = Math.max(0, column - margin);
    const lastColumn = Math.min(columns - 1, column + margin);
    for (let r = firstRow; r <= lastRow; r++) {
      fit.fill(1, sliceStart + r * columns + firstColumn, sliceStart + r * columns + lastColumn + 1);
    }
  }
  return fit;
}

function addForeground(fit: Uint8Array, volume: DiffusionVolume): void {
  const lowest = volume.gradients.shells()[0]?.volumes ?? [];
  const image = meanOfVolumes(volume, lowest);
  const sorted = Float32Array.from(image).sort();
  const bright = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  image.forEach((signal, voxel) => {
    if (signal > BACKGROUND_SHARE * bright) fit[voxel] = 1;
  });
}
