import { GradientTable } from '../data/gradient-table';
import { simulatedSeries } from '../simulation/simulated-series';
import { quantile } from '../statistics/region-statistics';
import { ivimFit } from './ivim-fit';
import { ivimSignal } from './ivim-model';
import { smallestErrorOfF, whyNoPerfusion } from './perfusion-identifiability';

const sixteen = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800];
const along = (bValues: readonly number[], direction: readonly [number, number, number]): GradientTable =>
  new GradientTable(
    bValues,
    bValues.flatMap((b) => (b === 0 ? [0, 0, 0] : [...direction])),
  );

it('expects the scatter that least squares shows at high SNR', async () => {
  const n = 400;
  const table = along(sixteen, [1, 0, 0]);
  const clean = ivimSignal(sixteen, { s0: 1, f: 0.1, d: 1e-3, dStar: 15e-3 });
  const series = simulatedSeries(table, new Array<Float64Array>(n).fill(clean), { sigma: 1 / 400, seed: 2 });
  const { maps } = await ivimFit(series, { method: 'nlls' });
  const f = maps.ivim_f.values.toSorted();
  const scatter = (quantile(f, 0.84) - quantile(f, 0.16)) / 2;
  expect(scatter / smallestErrorOfF(sixteen, 400)).toBeGreaterThan(0.8);
  expect(scatter / smallestErrorOfF(sixteen, 400)).toBeLessThan(1.25);
});

it('grants f to tables that can tell it, across the cord or in three directions', () => {
  expect(whyNoPerfusion(along(sixteen, [0, 1, 0]))).toBeNull();
  expect(whyNoPerfusion(along([0, 50, 400, 800], [1, 0, 0]))).toBeNull();
  const three = new GradientTable(
    sixteen.flatMap((b) => [b, b, b]),
    sixteen.flatMap((b) => (b === 0 ? new Array<number>(9).fill(0) : [1, 0, 0, 0, 1, 0, 0, 0, 1])),
  );
  expect(whyNoPerfusion(three)).toBeNull();
});

it('refuses f along the cord, whichever way the cord runs', () => {
  expect(whyNoPerfusion(along(sixteen, [0, 0.3, Math.sqrt(0.91)]))).toMatch(/runs along the cord/);
  expect(whyNoPerfusion(along(sixteen, [0, 0, 1]), [0, 1, 0])).toBeNull();
});

it('refuses f where the b-values do not tell it', () => {
  expect(whyNoPerfusion(along([100, 150, 200, 400, 800], [1, 0, 0]))).toMatch(/standard error is 21 points/);
  expect(whyNoPerfusion(along([0, 700, 1200], [1, 0, 0]))).toMatch(/standard error is unbounded/);
});
