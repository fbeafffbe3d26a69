import { noiseSource } from './rician-noise';

describe('a seeded stream of noise', () => {
  const SEEDS = 4000;
  const firstOf = (draw: number): number[] =>
    Array.from({ length: SEEDS }, (_, seed) => {
      const source = noiseSource(seed);
      for (let i = 0; i < draw; i++) source.uniform();
      return source.uniform();
    });
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

  it.each([0, 1, 2])('is uniform over small seeds from draw %i on, and neighbours differ', (draw) => {
    const values = firstOf(draw);
    // Standard error of the mean of 4000 is 0.0046, of the correlation of neighbours 0.016.
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.015);
    expect(Math.abs(mean(values.map((x) => (x - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.004);
    const pairs = values.slice(1).map((x, i) => 12 * (x - 0.5) * ((values[i] ?? 0) - 0.5));
    expect(Math.abs(mean(pairs))).toBeLessThan(0.06);
  });

  it('is the same for a seed', () => {
    const draw = (seed: number): number[] => {
      const source = noiseSource(seed);
      return [source.uniform(), source.normal(), source.rician(3, 1)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('has standard normal numbers', () => {
    const source = noiseSource(1);
    const values = Array.from({ length: 20_000 }, () => source.normal());
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((x) => x * x)) - 1)).toBeLessThan(0.04);
    expect(mean(values.map((x) => (Math.abs(x) < 1.96 ? 1 : 0)))).toBeCloseTo(0.95, 2);
  });
});
