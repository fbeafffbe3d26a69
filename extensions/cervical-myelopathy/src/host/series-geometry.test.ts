import { voxelToPatient, type Affine, type VoxelGrid } from '@myelon/diffusion';
import type { DisplaySet } from './ohif';
import { nearestSlice, seriesGeometry, sliceCentre, voxelAt } from './series-geometry';

/** Turned about x by 20 degrees: pixels 0.8 x 1.2 mm, slices every 4 mm. */
const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
const affine: Affine = [0.8, 0, 0, -30, 0, 1.2 * cos, -4 * sin, 12, 0, 1.2 * sin, 4 * cos, -55];
const grid: VoxelGrid = { columns: 30, rows: 20, slices: 6, affine };

function displaySet(): DisplaySet {
  const instances = Array.from({ length: grid.slices }, (_, slice) => ({
    StudyInstanceUID: '1',
    SeriesInstanceUID: '1.1',
    SOPInstanceUID: `1.1.${String(slice)}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    Columns: grid.columns,
    Rows: grid.rows,
    PixelSpacing: [1.2, 0.8],
    ImageOrientationPatient: [1, 0, 0, 0, cos, sin],
    ImagePositionPatient: [...voxelToPatient(grid, [0, 0, slice])],
  }));
  return { displaySetInstanceUID: 'x', StudyInstanceUID: '1', SeriesInstanceUID: '1.1', instances };
}

describe('geometry of the images on screen', () => {
  const geometry = seriesGeometry(displaySet())!;

  it('finds the voxel of a position, as the grid of the volume does', () => {
    for (const voxel of [
      [0, 0, 0],
      [29, 19, 5],
      [7, 13, 2],
    ] as const) {
      expect(voxelAt(geometry, voxelToPatient(grid, voxel))).toEqual(voxel);
    }
    expect(voxelAt(geometry, voxelToPatient(grid, [7.4, 12.6, 2.3]))).toEqual([7, 13, 2]);
    expect(voxelAt(geometry, voxelToPatient(grid, [-1, 3, 2]))).toBeNull();
    expect(voxelAt(geometry, voxelToPatient(grid, [3, 20, 2]))).toBeNull();
  });

  it('has the centre of a slice in that slice, and none of a slice there is not', () => {
    const centre = sliceCentre(geometry, 4)!;
    const expected = voxelToPatient(grid, [14.5, 9.5, 4]);
    expect(Math.hypot(...centre.map((value, axis) => value - expected[axis]!))).toBeLessThan(1e-9);
    expect(sliceCentre(geometry, 6)).toBeNull();
  });

  it('finds the slice nearest to a position, and how far it is', () => {
    const nearest = nearestSlice(geometry, voxelToPatient(grid, [3, 3, 2.25]))!;
    expect(nearest.slice).toBe(2);
    expect(nearest.distanceMm).toBeCloseTo(1);
  });

  it('says nothing about images without a position', () => {
    const without = displaySet();
    without.instances = without.instances?.map((instance) => ({
      ...instance,
      ImagePositionPatient: undefined,
    }));
    expect(seriesGeometry(without)).toBeNull();
  });
});
