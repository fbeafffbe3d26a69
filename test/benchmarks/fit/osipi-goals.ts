import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ivimFit,
  quantile,
  simulatedSeries,
  type DiffusionVolume,
  type IvimFitOptions,
  type IvimParameters,
  type IvimPriorName,
} from '@myelon/diffusion';
import { runPython } from '../../peers/python-peer';
import { needsSharedData, sharedData } from '../../support/shared-data';
import { ivimField, oneDirection, rootMeanSquare, voxelMajor } from './fields';
import { unmeasured, type Findings, type Goal } from './goal';

const DATA = 'osipi_ivim_signals';

/** Noisy copies of each tissue: the median RMSE over the 14 tissues is known to about 3 %. */
const COPIES = 400;

/** Best published medians over the tissues of RMSE in f, and in D x 1e-3 mm2/s, by SNR. */
const PUBLISHED = [
  [10, 0.0855, 0.312],
  [30, 0.0397, 0.139],
  [50, 0.023, 0.086],
] as const;

interface Tissue {
  readonly D: number;
  readonly f: number;
  readonly Dp: number;
  readonly data: readonly number[];
}

interface Tissues {
  readonly bValues: readonly number[];
  readonly tissues: readonly Tissue[];
}

function readTissues(): Tissues {
  const file = JSON.parse(readFileSync(sharedData(DATA, 'generic.json'), 'utf8')) as Record<
    string,
    unknown
  > & {
    config: { bvalues: readonly number[] };
  };
  const { config, ...rest } = file;
  return {
    bValues: config.bvalues,
    tissues: Object.values(rest as Record<string, Tissue>).filter((tissue) => 'data' in tissue),
  };
}

/** The tissues of OSIPI's `generic.json`: least squares on its signals, and the Bayesian fit on noisy copies. */
export async function osipiGoals(folder: string): Promise<Findings> {
  const missing = needsSharedData(DATA);
  if (missing) return { goals: [unmeasured('OSIPI', 'accuracy on generic.json', missing)], speeds: [] };
  const read = readTissues();
  const goals = [await leastSquares(folder, read)];
  for (const prior of ['weak', 'slice'] as const)
    for (const published of PUBLISHED) goals.push(await besidePublished(read, prior, published));
  for (const snr of [100, 300, 1000]) goals.push(await besideLeastSquares(read, snr));
  return { goals, speeds: [] };
}

async function leastSquares(folder: string, { bValues, tissues }: Tissues): Promise<Goal> {
  const series = simulatedSeries(
    oneDirection(bValues),
    tissues.map(({ data }) => data),
  );
  const file = join(folder, 'osipi.f64');
  writeFileSync(file, new Uint8Array(voxelMajor(series, tissues.length).buffer));
  const { parameters } = runPython('ivim_biexponential.py', [file, bValues.join(',')]) as {
    parameters: [number, number, number, number][];
  };
  const { maps } = await ivimFit(series, { method: 'nlls' });
  const found = [maps.ivim_d, maps.ivim_f, maps.ivim_dstar, maps.ivim_s0];
  const largest = Math.max(
    ...parameters.flatMap((peer, v) =>
      peer.map((value, i) => Math.abs((found[i]?.values[v] ?? NaN) / value - 1)),
    ),
  );
  return {
    area: 'OSIPI',
    goal: 'least squares on generic.json = SciPy, as OGC_biexp, within 1e-3',
    measured: `largest relative difference ${largest.toExponential(1)}`,
    met: largest < 1e-3,
    figures: { largest },
  };
}

/** Medians over the tissues of the RMSE in f and D x 1e3. */
export async function medianErrors(
  volume: DiffusionVolume,
  truth: readonly IvimParameters[],
  tissues: number,
  options: IvimFitOptions,
): Promise<{ f: number; d: number }> {
  const { maps } = await ivimFit(volume, options);
  const median = (found: ArrayLike<number>, of: (tissue: IvimParameters) => number): number => {
    const errors = Array.from({ length: tissues }, (_, t) => {
      const own = truth.flatMap((tissue, voxel) =>
        voxel % tissues === t ? [[found[voxel] ?? NaN, of(tissue)]] : [],
      );
      return rootMeanSquare(
        own.map(([value = NaN]) => value),
        own.map(([, value = NaN]) => value),
      );
    });
    return quantile(
      errors.sort((p, q) => p - q),
      0.5,
    );
  };
  return { f: median(maps.ivim_f.values, ({ f }) => f), d: 1e3 * median(maps.ivim_d.values, ({ d }) => d) };
}

function noisy({ bValues, tissues }: Tissues, snr: number): ReturnType<typeof ivimField> {
  // Every slice holds all tissues, so that a prior learned from a slice knows none of them.
  const side = Math.sqrt(COPIES);
  return ivimField(bValues, { slices: tissues.length, side, snr, seed: snr }, (_, voxel) => {
    const { D: d, f, Dp: dStar } = tissues[voxel % tissues.length] ?? { D: NaN, f: NaN, Dp: NaN };
    return { s0: 1000, f, d, dStar };
  });
}

async function besidePublished(
  read: Tissues,
  prior: IvimPriorName,
  [snr, f, d]: (typeof PUBLISHED)[number],
): Promise<Goal> {
  const { volume, truth } = noisy(read, snr);
  const figures = await medianErrors(volume, truth, read.tissues.length, { method: 'bayesian', prior });
  return {
    area: 'OSIPI',
    goal: `Bayesian, ${prior} prior: median RMSE over tissues <= best published, SNR ${String(snr)}`,
    measured: `f ${figures.f.toFixed(4)} / ${String(f)}, D x 1e3 ${figures.d.toFixed(3)} / ${String(d)}`,
    met: figures.f <= f && figures.d <= d,
    figures: { ...figures, publishedF: f, publishedD: d },
  };
}

async function besideLeastSquares(read: Tissues, snr: number): Promise<Goal> {
  const { volume, truth } = noisy(read, snr);
  const bayes = await medianErrors(volume, truth, read.tissues.length, { method: 'bayesian' });
  const squares = await medianErrors(volume, truth, read.tissues.length, { method: 'nlls' });
  const figures = { f: bayes.f / squares.f, d: bayes.d / squares.d };
  return {
    area: 'OSIPI',
    goal: `Bayesian: median RMSE <= 1.05 x least squares, SNR ${String(snr)}`,
    measured: `f ${figures.f.toFixed(3)} x, D ${figures.d.toFixed(3)} x`,
    met: figures.f <= 1.05 && figures.d <= 1.05,
    figures,
  };
}
