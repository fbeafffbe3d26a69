import { noiseSource } from '@myelon/diffusion';
import { rocCurve } from './roc-curve';
import { bootstrapYouden } from './youden-bootstrap';

jest.setTimeout(60_000);

describe('bootstrap of the Youden cut', () => {
  it('gives about the same interval by groups of values as patient by patient', () => {
    const noise = noiseSource(3);
    const good = Array.from({ length: 6000 }, () => Number(noise.uniform() < 0.6));
    const values = good.map((one) => 0.42 + 0.05 * (2 * one - 1) + 0.08 * noise.normal());
    const data = { values, good, direction: 'higher is good' } as const;
    const resampling = { replicates: 600, seed: 5 };
    const [single, grouped] = [Infinity, 0].map((limit) =>
      bootstrapYouden(data, rocCurve(data), resampling, limit),
    );
    expect(single?.method).toMatch(/patients/);
    expect(grouped?.method).toMatch(/Poisson/);
    for (const figure of ['cut', 'sensitivity', 'specificity'] as const) {
      const width = (single?.[figure][1] ?? NaN) - (single?.[figure][0] ?? NaN);
      for (const end of [0, 1])
        expect(Math.abs((grouped?.[figure][end] ?? NaN) - (single?.[figure][end] ?? NaN))).toBeLessThan(
          width / 4,
        );
    }
  });

  it('keeps the side of a marker whose low values are good', () => {
    const values = [0.9, 1.0, 1.1, 1.15, 1.3, 1.4, 1.5, 1.6];
    const good = [1, 1, 1, 1, 0, 0, 0, 0];
    const data = { values, good, direction: 'lower is good' } as const;
    for (const limit of [Infinity, 0]) {
      const { cut } = bootstrapYouden(data, rocCurve(data), { replicates: 200, seed: 1 }, limit);
      expect(cut[0]).toBeGreaterThan(0.95);
      expect(cut[1]).toBeLessThan(1.6);
    }
  });
});
