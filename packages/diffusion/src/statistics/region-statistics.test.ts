import { VoxelStatus, type ScalarMap } from '../data/scalar-map';
import { regionStatistics } from './region-statistics';

function mapOf(values: number[], status: number[] = values.map(() => VoxelStatus.valid)): ScalarMap {
  return {
    grid: { columns: values.length, rows: 1, slices: 1, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
    quantity: 'md',
    unit: 'mm2/s',
    method: 'given',
    values: Float32Array.from(values),
    status: Uint8Array.from(status),
  };
}

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('regionStatistics', () => {
  it('gives what R gives: mean, sd, quantile(type = 7) of 3 1 4 1 5 9 2 6', () => {
    const found = regionStatistics(mapOf([3, 1, 4, 1, 5, 9, 2, 6]), all(8));
    expect(found).toMatchObject({
      n: 8,
      mean: 3.875,
      median: 3.5,
      p5: 1,
      p25: 1.75,
      p75: 5.25,
      min: 1,
      max: 9,
    });
    if ('missing' in found) throw new Error(found.missing);
    expect(found.sd).toBeCloseTo(2.748376, 6);
    expect(found.standardError).toBeCloseTo(0.971698, 6);
    expect(found.p95).toBeCloseTo(7.95, 10);
  });

  it('uses voxels at a bound and counts them, and leaves out the rest with the reason', () => {
    const { valid, atBound, nonPositiveSignal, singular, outsideMask } = VoxelStatus;
    const map = mapOf([2, 4, 100, 0, 0], [valid, atBound, nonPositiveSignal, singular, outsideMask]);
    expect(regionStatistics(map, all(5))).toMatchObject({
      n: 2,
      mean: 3,
      atBound: 1,
      excluded: [
        { reason: 'not fitted', n: 1 },
        { reason: 'signal not positive', n: 1 },
        { reason: 'fit not determined', n: 1 },
      ],
    });
  });

  it('has no spread for one voxel', () => {
    expect(regionStatistics(mapOf([2]), [0])).toMatchObject({ n: 1, mean: 2, sd: null, standardError: null });
  });

  it('says why there is nothing', () => {
    expect(regionStatistics(mapOf([2]), [])).toEqual({ missing: 'the region has no voxels' });
    expect(regionStatistics(mapOf([0, 0], [VoxelStatus.singular, VoxelStatus.singular]), all(2))).toEqual({
      missing: 'no voxel has a value: 2 fit not determined',
    });
  });

  it('refuses a voxel that is not of the map', () => {
    expect(() => regionStatistics(mapOf([2]), [1])).toThrow('md map: voxel 1');
  });
});
