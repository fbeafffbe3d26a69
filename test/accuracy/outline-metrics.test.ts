import { outlineCord, voxelsWhollyInside } from '@myelon/cord';
import { ivimFit, meanOfVolumes, tensorFit } from '@myelon/diffusion';
import { cervicalCordPhantom } from '@myelon/phantom';

jest.setTimeout(240_000);

describe('from the images alone: automatic outline, fits, means in the measuring mask, SNR 30', () => {
  const phantom = cervicalCordPhantom({ seed: 106 });
  const { truth, dti, ivim } = phantom;
  const perSlice = truth.grid.columns * truth.grid.rows;
  let labels = new Uint8Array();

  beforeAll(async () => {
    const weighted = [...Array(dti.gradients.count).keys()].filter(
      (volume) => dti.gradients.bValue(volume) > 50,
    );
    const outline = await outlineCord(meanOfVolumes(dti, weighted), dti.grid, { contrast: 'dwi', seeds: [] });
    labels = Uint8Array.from(voxelsWhollyInside(outline).mask?.labels ?? []);
  });

  const meanIn = (values: Float32Array, slices: readonly number[]) => {
    const chosen = [...labels.keys()].filter(
      (voxel) => (labels[voxel] ?? 0) > 0 && slices.includes(Math.floor(voxel / perSlice)),
    );
    return chosen.reduce((sum, voxel) => sum + (values[voxel] ?? 0), 0) / chosen.length;
  };
  const places = [
    ['healthy', phantom.healthySlices, 0.6, 0.95e-3, 0.11],
    ['compressed', phantom.compressedSlices, 0.36, 1.2e-3, 0.07],
  ] as const;

  it.each(places)('%s cord: FA within .02, MD within 3 %', async (_, slices, fa, md) => {
    const { maps } = await tensorFit(dti, { mask: labels, method: 'wls' });
    expect(Math.abs(meanIn(maps.fa.values, slices) - fa)).toBeLessThan(0.02);
    expect(Math.abs(meanIn(maps.md.values, slices) / md - 1)).toBeLessThan(0.03);
  });

  it.each(places)('%s cord: f within 2 points, D within 5 %', async (_, slices, _fa, _md, f) => {
    const { maps } = await ivimFit(ivim, { mask: labels, method: 'segmented' });
    expect(Math.abs(meanIn(maps.ivim_f.values, slices) - f)).toBeLessThan(0.02);
    const d = meanIn(truth.maps.ivim_d, slices);
    expect(Math.abs(meanIn(maps.ivim_d.values, slices) / d - 1)).toBeLessThan(0.05);
  });
});
