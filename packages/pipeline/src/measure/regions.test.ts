import { InputRefused, type VoxelGrid } from '@myelon/diffusion';
import { measuredVoxelsBySlice, regionsOfCord } from './regions';

const grid: VoxelGrid = { columns: 8, rows: 8, slices: 4, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0] };
const perSlice = 64;

/** A 4 x 4 square of cord in slices 1 to 3. */
function square(): Uint8Array {
  const labels = new Uint8Array(perSlice * 4);
  for (let slice = 1; slice < 4; slice++)
    for (let row = 2; row < 6; row++)
      labels.fill(1, slice * perSlice + row * 8 + 2, slice * perSlice + row * 8 + 6);
  return labels;
}
const mask = { grid, labels: square(), method: 'manual' as const };

describe('regions of a cord', () => {
  test('are the whole cord, the compression and every slice, with voxels and volume', () => {
    const regions = regionsOfCord(mask, [2, 1]);
    expect(regions.map(({ id }) => id)).toEqual([
      'whole-cord',
      'compression',
      'slice-2',
      'slice-3',
      'slice-4',
    ]);
    expect(regions[0]).toMatchObject({ slices: [1, 2, 3], voxels: 48, volumeMm3: 240 });
    expect(regions[1]).toMatchObject({ slices: [1, 2], voxels: 32, volumeMm3: 160 });
  });

  test('have no compression when none is named', () => {
    expect(regionsOfCord(mask, []).some(({ kind }) => kind === 'compression')).toBe(false);
  });

  test('refuse a compression slice without cord and say which slices there are', () => {
    expect(() => regionsOfCord(mask, [0, 2])).toThrow(InputRefused);
    expect(() => regionsOfCord(mask, [0, 2])).toThrow(/slice 1.*between 2 and 4/);
  });
});

describe('measured voxels on the maps', () => {
  test('on one grid are the voxels themselves', () => {
    const bySlice = measuredVoxelsBySlice(grid, mask.labels, grid);
    expect(bySlice.map((voxels) => voxels.length)).toEqual([0, 16, 16, 16]);
    expect(bySlice[1]?.every((voxel) => mask.labels[voxel] === 1)).toBe(true);
  });

  test('on a finer grid with other slices keep their place in the body', () => {
    // Half the voxel size in the plane, half the slice thickness, slices in the opposite order.
    const fine: VoxelGrid = {
      columns: 16,
      rows: 16,
      slices: 8,
      affine: [0.5, 0, 0, -0.25, 0, 0.5, 0, -0.25, 0, 0, -2.5, 16.25],
    };
    const bySlice = measuredVoxelsBySlice(grid, mask.labels, fine);
    expect(bySlice.map((voxels) => voxels.length)).toEqual([0, 128, 128, 128]);
    // Slice 3 of the outline lies at z = 15 mm: fine slices 0 and 1.
    expect([...new Set(bySlice[3]?.map((voxel) => Math.floor(voxel / 256)))].sort()).toEqual([0, 1]);
  });

  test('of another frame of reference are refused, even on a grid of the same numbers', () => {
    const here = { ...grid, frameOfReferenceUID: '1.2.3' };
    const there = { ...grid, frameOfReferenceUID: '1.2.4' };
    expect(() => measuredVoxelsBySlice(here, mask.labels, there)).toThrow(/frame of reference/);
  });
});
