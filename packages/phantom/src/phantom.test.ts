import { InputRefused, meanOfVolumes, sameGrid } from '@myelon/diffusion';
import { spreadDirections, TRACE_DIRECTIONS } from './directions';
import { cervicalCordPhantom } from './phantom';
import { COMPRESSED_CORD, HEALTHY_CORD } from './microstructure';

const noiseless = cervicalCordPhantom({ size: 'small', snr: Infinity, seed: 3 });

/** Voxels of some slices that are wholly cord. */
function pureCord(slices: readonly number[]): number[] {
  const { grid, cordFraction } = noiseless.truth;
  const perSlice = grid.columns * grid.rows;
  return [...cordFraction.keys()].filter(
    (voxel) => slices.includes(Math.floor(voxel / perSlice)) && (cordFraction[voxel] ?? 0) > 0.9999,
  );
}

describe('cervicalCordPhantom', () => {
  it('is the same to the last bit for the same seed, and another for another', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => cervicalCordPhantom({ size: 'small', seed }));
    expect(one?.dti.signal).toEqual(same?.dti.signal);
    expect(one?.sagittalT2.values).toEqual(same?.sagittalT2.values);
    expect(one?.dti.signal).not.toEqual(other?.dti.signal);
  });

  it('has healthy and compressed slices with the parameters it promises', () => {
    expect(noiseless.healthySlices.length).toBeGreaterThan(0);
    expect(noiseless.compressedSlices.length).toBeGreaterThan(0);
    const { fa, ivim_f: f } = noiseless.truth.maps;
    for (const [slices, expected] of [
      [noiseless.healthySlices, HEALTHY_CORD],
      [noiseless.compressedSlices, COMPRESSED_CORD],
    ] as const) {
      for (const voxel of pureCord(slices)) {
        expect(fa[voxel]).toBeCloseTo(expected.fa, 2);
        expect(f[voxel]).toBeCloseTo(expected.f, 2);
      }
    }
    const area = (slices: readonly number[]) =>
      slices.reduce((sum, slice) => sum + (noiseless.truth.areasMm2[slice] ?? 0), 0) / slices.length;
    expect(area(noiseless.healthySlices)).toBeGreaterThan(60);
    expect(area(noiseless.compressedSlices)).toBeLessThan(0.85 * area(noiseless.healthySlices));
  });

  it('gives the apparent tensor it promises to anybody who compares b 0 with b 800', () => {
    const { dti, truth } = noiseless;
    const b0 = meanOfVolumes(dti, dti.gradients.b0Volumes());
    const voxel = pureCord(noiseless.healthySlices)[0] ?? -1;
    const principal = truth.principalDirections.slice(3 * voxel, 3 * voxel + 3);
    const count = b0.length;
    for (let volume = 0; volume < dti.gradients.count; volume++) {
      if (dti.gradients.bValue(volume) === 0) continue;
      const cosine = dti.gradients
        .direction(volume)
        .reduce((sum, component, axis) => sum + component * (principal[axis] ?? 0), 0);
      const measured = -Math.log((dti.signal[volume * count + voxel] ?? 0) / (b0[voxel] ?? 0)) / 800;
      const { ad, rd } = truth.maps;
      const along = cosine ** 2;
      // Perfusion bends the tensor a little between the axes: 2 % of the diffusivity.
      expect(measured / (along * (ad[voxel] ?? 0) + (1 - along) * (rd[voxel] ?? 0))).toBeCloseTo(1, 1.5);
    }
  });

  it('mixes tissues at the edge of the cord in proportion to their volume', () => {
    const { truth } = noiseless;
    const mixed = truth.cordFraction.filter((fraction) => fraction > 0.05 && fraction < 0.95);
    expect(mixed.length).toBeGreaterThan(50);
  });

  it('has noise of the level asked for', () => {
    const [noisy, clean] = [25, Infinity].map((snr) => cervicalCordPhantom({ size: 'small', seed: 3, snr }));
    const bright = [...(clean?.dti.signal.keys() ?? [])].filter((at) => (clean?.dti.signal[at] ?? 0) > 900);
    const squares = bright.map((at) => ((noisy?.dti.signal[at] ?? 0) - (clean?.dti.signal[at] ?? 0)) ** 2);
    const sigma = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length);
    expect(sigma).toBeGreaterThan(0.95 * (1000 / 25));
    expect(sigma).toBeLessThan(1.05 * (1000 / 25));
  });

  it('turns every stack, and the cord stays where it is in the body', () => {
    const turned = cervicalCordPhantom({ size: 'small', snr: Infinity, seed: 3, turnDegrees: [10, -5, 8] });
    expect(sameGrid(turned.dti.grid, noiseless.dti.grid)).toBe(false);
    const volume = (areas: readonly number[]) => areas.reduce((sum, area) => sum + area, 0);
    expect(volume(turned.truth.areasMm2) / volume(noiseless.truth.areasMm2)).toBeCloseTo(1, 1);
  });

  it('refuses noise and compressions that cannot be', () => {
    expect(() => cervicalCordPhantom({ snr: 0 })).toThrow(InputRefused);
    expect(() => cervicalCordPhantom({ remainingDepth: 0 })).toThrow(InputRefused);
  });
});

describe('gradient directions', () => {
  it('are spread: no two of 30 axes closer than 24 degrees', () => {
    const directions = spreadDirections(30);
    for (const [index, one] of directions.entries())
      for (const other of directions.slice(index + 1)) {
        const cosine = Math.abs(one[0] * other[0] + one[1] * other[1] + one[2] * other[2]);
        expect((Math.acos(Math.min(cosine, 1)) * 180) / Math.PI).toBeGreaterThan(24);
      }
  });

  it('of IVIM are orthogonal and alike to the cord', () => {
    const [a, b] = TRACE_DIRECTIONS;
    expect(a?.reduce((sum, component, axis) => sum + component * (b?.[axis] ?? 0), 0)).toBeCloseTo(0, 10);
    expect(TRACE_DIRECTIONS.map((direction) => direction[2])).toEqual(Array(3).fill(Math.sqrt(1 / 3)));
  });
});
