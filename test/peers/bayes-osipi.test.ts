import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GradientTable,
  ivimFit,
  ivimSignal,
  quantile,
  simulatedSeries,
  type IvimFitResult,
} from '@myelon/diffusion';
import { describeNeeding, pythonModule } from '../support/needs';
import { needsSharedData, sharedData } from '../support/shared-data';
import { runPython } from './python-peer';

jest.setTimeout(300_000);

interface Tissue {
  readonly D: number;
  readonly f: number;
  readonly Dp: number;
  readonly data: readonly number[];
}

/** Noisy copies of each tissue. */
const COPIES = 50;

/** Best published medians over the tissues of RMSE in f, and in D x 1e-3 mm2/s, by SNR. */
const PUBLISHED = [
  [10, 0.0855, 0.312],
  [30, 0.0397, 0.139],
  [50, 0.023, 0.086],
] as const;

/** Best of many published methods, each by SNR and quantity, and 50 copies: the median itself is known to 10 %. */
const NEAR = 1.25;

const needs = [needsSharedData('osipi_ivim_signals'), pythonModule('scipy')];

describeNeeding('least squares and Bayesian IVIM on the OSIPI tissues', needs, () => {
  let bValues: readonly number[];
  let tissues: Tissue[];
  let table: GradientTable;

  beforeAll(() => {
    const file = JSON.parse(readFileSync(sharedData('osipi_ivim_signals', 'generic.json'), 'utf8')) as {
      config: { bvalues: readonly number[] };
    };
    const { config, ...rest } = file;
    bValues = config.bvalues;
    tissues = Object.values(rest as unknown as Record<string, Tissue>).filter((t) => 'data' in t);
    table = new GradientTable(
      bValues,
      bValues.flatMap((b) => (b > 0 ? [1, 0, 0] : [0, 0, 0])),
    );
  });

  it('least squares finds what SciPy finds, to 1e-3', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'myelon-osipi-'));
    const path = join(folder, 'signals.f64');
    const series = simulatedSeries(
      table,
      tissues.map(({ data }) => data),
    );
    // What both see: signals as single precision holds them.
    const signals = Float64Array.from(
      tissues.flatMap((_, v) => bValues.map((__, at) => series.signal[at * tissues.length + v]!)),
    );
    writeFileSync(path, new Uint8Array(signals.buffer));
    const peer = runPython('ivim_biexponential.py', [path, bValues.join(',')]) as {
      parameters: [number, number, number, number][];
    };
    rmSync(folder, { recursive: true });
    const { maps } = await ivimFit(series, { method: 'nlls' });
    peer.parameters.forEach(([d, f, dStar, s0], v) => {
      expect(Math.abs(maps.ivim_d.values[v]! / d - 1)).toBeLessThan(1e-3);
      expect(Math.abs(maps.ivim_f.values[v]! / f - 1)).toBeLessThan(1e-3);
      expect(Math.abs(maps.ivim_dstar.values[v]! / dStar - 1)).toBeLessThan(1e-3);
      expect(Math.abs(maps.ivim_s0.values[v]! / s0 - 1)).toBeLessThan(1e-3);
    });
  });

  function rmse(maps: IvimFitResult['maps'], quantity: 'ivim_d' | 'ivim_f', key: 'D' | 'f'): number[] {
    const { values } = maps[quantity];
    return tissues.map((tissue, t) => {
      const found = values.subarray(t * COPIES, (t + 1) * COPIES);
      return Math.sqrt(found.reduce((sum, value) => sum + (value - tissue[key]) ** 2, 0) / COPIES);
    });
  }

  function noisy(snr: number, seed: number) {
    const signals = tissues.flatMap(({ D: d, f, Dp: dStar }) =>
      new Array<Float64Array>(COPIES).fill(ivimSignal(bValues, { s0: 1, f, d, dStar })),
    );
    return simulatedSeries(table, signals, { sigma: 1 / snr, seed });
  }

  const median = (values: readonly number[]): number =>
    quantile(
      values.toSorted((p, q) => p - q),
      0.5,
    );

  it.each(PUBLISHED)(
    'Bayesian, at SNR %i: median RMSE near the best published or below',
    async (snr, f, d) => {
      const { maps } = await ivimFit(noisy(snr, 70 + snr), { method: 'bayesian' });
      expect(median(rmse(maps, 'ivim_f', 'f'))).toBeLessThan(NEAR * f);
      expect(1e3 * median(rmse(maps, 'ivim_d', 'D'))).toBeLessThan(NEAR * d);
    },
  );

  it.each([100, 300])('Bayesian, at SNR %i: at most 5 %% worse than least squares', async (snr) => {
    const series = noisy(snr, 80);
    const bayes = (await ivimFit(series, { method: 'bayesian' })).maps;
    const squares = (await ivimFit(series, { method: 'nlls' })).maps;
    for (const [quantity, key] of [
      ['ivim_f', 'f'],
      ['ivim_d', 'D'],
    ] as const)
      expect(median(rmse(bayes, quantity, key))).toBeLessThanOrEqual(
        1.05 * median(rmse(squares, quantity, key)),
      );
  });
});
