import { voxelIndex, voxelToPatient, type Affine, type VoxelGrid } from '@myelon/diffusion';
import { resampleMask } from './resample-mask';

const grid: VoxelGrid = { columns: 8, rows: 6, slices: 4, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0] };

/** Labels 1 to 4 by slice in a block of 4 x 2 voxels. */
function block(): Uint8Array {
  const labels = new Uint8Array(8 * 6 * 4);
  for (let slice = 0; slice < 4; slice++)
    for (let row = 2; row < 4; row++)
      for (let column = 2; column < 6; column++) labels[voxelIndex(grid, column, row, slice)] = slice + 1;
  return labels;
}
const mask = { grid, labels: block(), method: 'manual' as const };

describe('resampleMask', () => {
  it('onto its own grid changes nothing', () => {
    expect(resampleMask(mask, grid)).toEqual(mask);
  });

  it('follows positions when rows and slices run the other way', () => {
    const turned: Affine = [1, 0, 0, 0, 0, -1, 0, 5, 0, 0, -5, 15];
    const { labels } = resampleMask(mask, { ...grid, affine: turned });
    for (let slice = 0; slice < 4; slice++) expect(labels[voxelIndex(grid, 3, 3, slice)]).toBe(4 - slice);
    expect(labels.reduce((sum, label) => sum + label, 0)).toBe(
      mask.labels.reduce((sum, label) => sum + label, 0),
    );
  });

  it('onto a finer, oblique grid keeps the volume and labels only what lies inside', () => {
    const [cos, sin] = [Math.cos(0.4) / 4, Math.sin(0.4) / 4];
    const fine: VoxelGrid = {
      columns: 60,
      rows: 60,
      slices: 10,
      affine: [cos, -sin, 0, 2, sin, cos, 0, -4, 0, 0, 2.5, -2],
    };
    const { labels } = resampleMask(mask, fine);
    const volume = labels.filter((label) => label > 0).length * (1 / 16) * 2.5;
    expect(Math.abs(volume / (4 * 2 * 4 * 5) - 1)).toBeLessThan(0.03);
    labels.forEach((label, index) => {
      const position = voxelToPatient(fine, [
        index % 60,
        Math.floor(index / 60) % 60,
        Math.floor(index / 3600),
      ]);
      if (label > 0) expect(Math.abs(position[2] - 5 * (label - 1))).toBeLessThanOrEqual(2.5);
    });
  });

  it('is empty where the grids do not meet', () => {
    const far: VoxelGrid = { ...grid, affine: [1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 5, 0] };
    expect(resampleMask(mask, far).labels.some((label) => label > 0)).toBe(false);
  });
});
