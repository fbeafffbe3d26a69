import type { DiffusionVolume } from '../data/diffusion-volume';
import { GradientTable } from '../data/gradient-table';
import { noiseSource } from '../simulation/rician-noise';
import { ivimFit } from './ivim-fit';
import { ivimSignal, type IvimParameters } from './ivim-model';

jest.setTimeout(120_000);

const bValues = [0, 10, 20, 40, 80, 120, 200, 300, 400, 500, 650, 800];
const table = new GradientTable(
  bValues,
  bValues.flatMap((b) => (b > 0 ? [1, 0, 0] : [0, 0, 0])),
);
const SIDE = 6;
const SNR = 15;

/** Slices of tissues around a centre, one centre per slice; ln D scatters by 0.15, logit f by 0.3, ln D* by 0.3. */
function slicesOf(centres: readonly { d: number; f: number }[]): {
  volume: DiffusionVolume;
  truth: IvimParameters[];
} {
  const random = noiseSource(21);
  const size = SIDE * SIDE * centres.length;
  const truth = Array.from({ length: size }, (_, voxel) => {
    const { d, f } = centres[Math.floor(voxel / (SIDE * SIDE))]!;
    const odds = (f / (1 - f)) * Math.exp(0.3 * random.normal());
    return {
      s0: 1000,
      d: d * Math.exp(0.15 * random.normal()),
      f: odds / (1 + odds),
      dStar: 20e-3 * Math.exp(0.3 * random.normal()),
    };
  });
  const signal = new Float32Array(size * bValues.length);
  truth.forEach((tissue, voxel) => {
    ivimSignal(bValues, tissue).forEach((s, at) => {
      signal[at * size + voxel] = random.rician(s, 1000 / SNR);
    });
  });
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0] as const;
  const grid = { columns: SIDE, rows: SIDE, slices: centres.length, affine };
  return { volume: { grid, gradients: table, signal, sources: [], name: 'slices' }, truth };
}

const CENTRES = [
  { d: 0.8e-3, f: 0.1 },
  { d: 1.5e-3, f: 0.25 },
];
const { volume, truth } = slicesOf(CENTRES);

it('every slice teaches its own prior, which is reported', async () => {
  const { report, learnedPriors } = await ivimFit(volume, { method: 'bayesian', prior: 'slice' });
  expect(report.method).toMatch(/learned from each slice/);
  expect(learnedPriors).toHaveLength(2);
  CENTRES.forEach(({ d, f }, slice) => {
    const learned = learnedPriors![slice]!;
    expect(learned.voxels).toBe(SIDE * SIDE);
    expect(Math.abs(Math.exp(learned.lnD.mean) / d - 1)).toBeLessThan(0.1);
    expect(Math.abs(1 / (1 + Math.exp(-learned.logitF.mean)) - f)).toBeLessThan(0.04);
    expect(learned.lnD.sd).toBeLessThan(0.35);
  });
});

it('lowers the error of f and D, and its intervals hold the truth', async () => {
  const errors = async (prior: 'weak' | 'slice'): Promise<{ f: number; d: number; held: number }> => {
    const { maps, intervals } = await ivimFit(volume, { method: 'bayesian', prior });
    const mean = (of: (voxel: number) => number): number =>
      truth.reduce((sum, _, voxel) => sum + of(voxel), 0) / truth.length;
    const { lower, upper } = intervals!.ivim_d;
    return {
      f: Math.sqrt(mean((v) => (maps.ivim_f.values[v]! - truth[v]!.f) ** 2)),
      d: Math.sqrt(mean((v) => (maps.ivim_d.values[v]! - truth[v]!.d) ** 2)),
      held: mean((v) => (lower[v]! <= truth[v]!.d && truth[v]!.d <= upper[v]! ? 1 : 0)),
    };
  };
  const weak = await errors('weak');
  const slice = await errors('slice');
  expect(slice.f).toBeLessThan(0.85 * weak.f);
  expect(slice.d).toBeLessThan(0.9 * weak.d);
  expect(slice.held).toBeGreaterThan(0.88);
});

it('slices without voxels to fit teach nothing; cancelling stops the learning', async () => {
  const mask = new Uint8Array(2 * SIDE * SIDE).fill(1, SIDE * SIDE);
  const { learnedPriors, maps } = await ivimFit(volume, { method: 'bayesian', prior: 'slice', mask });
  expect(learnedPriors![0]).toBeNull();
  expect(maps.ivim_d.values[SIDE * SIDE]).toBeGreaterThan(0);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(ivimFit(volume, { method: 'bayesian', prior: 'slice', signal })).rejects.toThrow('enough');
});
