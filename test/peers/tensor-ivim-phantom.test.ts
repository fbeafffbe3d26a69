import {
  ivimFit,
  regionStatistics,
  tensorFit,
  type IvimFitResult,
  type ScalarMap,
  type TensorFitResult,
} from '@myelon/diffusion';
import { cervicalCordPhantom, type Phantom } from '@myelon/phantom';

describe('fits of the cervical cord phantom at SNR 30, beside its truth', () => {
  let phantom: Phantom;
  let tensor: TensorFitResult;
  let ivim: IvimFitResult;

  beforeAll(async () => {
    phantom = cervicalCordPhantom({ seed: 1, snr: 30 });
    const mask = phantom.truth.labels;
    tensor = await tensorFit(phantom.dti, { method: 'wls', mask });
    ivim = await ivimFit(phantom.ivim, { method: 'segmented', mask });
  }, 300_000);

  /** Mean of a map over voxels of some slices that are wholly cord, and the truth. */
  function measured(map: ScalarMap, slices: readonly number[]): { mean: number; truth: number } {
    const { grid, cordFraction, maps } = phantom.truth;
    const perSlice = grid.columns * grid.rows;
    const voxels = [...cordFraction.keys()].filter(
      (voxel) => slices.includes(Math.floor(voxel / perSlice)) && cordFraction[voxel]! > 0.9999,
    );
    const statistics = regionStatistics(map, voxels);
    if ('missing' in statistics) throw new Error(statistics.missing);
    expect(statistics.n).toBeGreaterThan(50);
    if (map.quantity === 'adc') throw new Error('the phantom has no true ADC');
    const truth = maps[map.quantity];
    const mean = voxels.reduce((sum, voxel) => sum + truth[voxel]!, 0) / voxels.length;
    return { mean: statistics.mean, truth: mean };
  }

  it.each(['healthySlices', 'compressedSlices'] as const)('%s: FA, MD, AD, RD, D and f', (which) => {
    const slices = phantom[which];
    const fa = measured(tensor.maps.fa, slices);
    expect(Math.abs(fa.mean - fa.truth)).toBeLessThan(0.02);
    for (const map of [tensor.maps.md, tensor.maps.ad, tensor.maps.rd, ivim.maps.ivim_d]) {
      const { mean, truth } = measured(map, slices);
      expect(Math.abs(mean / truth - 1)).toBeLessThan(0.03);
    }
    const f = measured(ivim.maps.ivim_f, slices);
    expect(Math.abs(f.mean - f.truth)).toBeLessThan(0.02);
  });

  it('finds the direction of the cord', () => {
    const { labels, principalDirections, cordFraction } = phantom.truth;
    const cosines = [...labels.keys()]
      .filter((voxel) => cordFraction[voxel]! > 0.9999)
      .map((voxel) =>
        Math.abs(
          [0, 1, 2].reduce(
            (sum, axis) =>
              sum + principalDirections[3 * voxel + axis]! * tensor.principalDirections[3 * voxel + axis]!,
            0,
          ),
        ),
      )
      .sort((p, q) => p - q);
    expect(cosines[Math.floor(cosines.length / 2)]).toBeGreaterThan(0.99);
  });
});
