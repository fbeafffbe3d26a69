import type { DiffusionVolume } from '../data/diffusion-volume';
import { forEachTile, type FitLoopOptions } from '../fitting/fit-loop';
import { SignalQuality } from '../fitting/log-signal';
import type { AveragedBValues } from './averaged-b-values';
import { BiexponentialTile } from './biexponential-tile';
import { spreadOverSlices } from './ivim-noise';
import { normal, type IvimPrior } from './ivim-priors';
import type { PosteriorFit } from './posterior-fit';

/** A normal distribution. */
export interface NormalSpread {
  readonly mean: number;
  readonly sd: number;
}

/** What the voxels of a slice have in common: normal distributions of ln(f / (1 - f)), ln D and ln D* (D, D* in mm2/s). */
export interface LearnedPrior {
  readonly logitF: NormalSpread;
  readonly lnD: NormalSpread;
  readonly lnDStar: NormalSpread;
  /** Voxels it was learned from. */
  readonly voxels: number;
}

type Hyperparameters = Omit<LearnedPrior, 'voxels'>;

/**
 * What is believed of a slice before its voxels are looked at: the weak prior, by its mean and standard deviation in these
 * parameters. It counts as much as {@link PSEUDO_VOXELS} voxels, so a region of a few voxels is not believed blindly.
 */
const BEFOREHAND: Hyperparameters = {
  logitF: { mean: -1.07, sd: 1.12 },
  lnD: { mean: Math.log(1.2e-3), sd: 0.7 },
  lnDStar: { mean: Math.log(25e-3), sd: 0.9 },
};
const PSEUDO_VOXELS = 4;

/** A slice is never taken as more alike than this: a lesion of another kind must be able to assert itself. */
const SMALLEST_SD = { logitF: 0.2, lnD: 0.1, lnDStar: 0.2 } as const;

const VOXELS_PER_SLICE = 150;
const ROUNDS = 12;

/** Learning ends when no mean or standard deviation moves by more than this. */
const SETTLED = 0.02;

const logit = (f: number): number => Math.log(f / (1 - f));
const square = (x: number): number => x * x;

/** The prior density of f, D and ln D* that learned distributions make, with the change of variables. */
export function priorOf({ logitF, lnD, lnDStar }: Hyperparameters): IvimPrior {
  const ofLogitF = normal(logitF.mean, logitF.sd);
  const ofLnD = normal(lnD.mean, lnD.sd);
  return {
    description: 'prior learned from the slice',
    lnF: (f) => ofLogitF(logit(f)) - Math.log(f) - Math.log(1 - f),
    lnD: (d) => ofLnD(Math.log(d)) - Math.log(d),
    lnDStar: normal(lnDStar.mean, lnDStar.sd),
  };
}

/**
 * Learns the prior of every slice from its own voxels (empirical Bayes): expectation maximisation of a normal distribution over
 * voxels, started from the weak prior. A slice without a usable voxel gets none.
 *
 * Compare Orton et al., Magn Reson Med 2014;71:411-420 (shrinkage prior of IVIM); Dempster, Laird, Rubin, J R Stat Soc B
 * 1977;39:1-38.
 *
 * @param voxels linear indices of the voxels to be fitted, ascending
 * @param noise standard deviation of the noise of each slice, signal units
 * @throws the reason of `options.signal` when cancelled
 */
export async function learnPriors(
  volume: DiffusionVolume,
  averaged: AveragedBValues,
  voxels: Int32Array,
  noise: Float64Array,
  options: FitLoopOptions,
): Promise<readonly (LearnedPrior | null)[]> {
  const { slices, rows, columns } = volume.grid;
  const size = rows * columns;
  const chosen = spreadOverSlices(voxels, slices, size, VOXELS_PER_SLICE);
  const learned: (LearnedPrior | null)[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const own = chosen.filter((voxel) => Math.floor(voxel / size) === slice);
    const sigma = noise[slice] ?? Number.NaN;
    const usable = own.length > 0 && Number.isFinite(sigma);
    learned.push(usable ? await learnPrior(volume, averaged, own, sigma, options) : null);
  }
  return learned;
}

async function learnPrior(
  volume: DiffusionVolume,
  averaged: AveragedBValues,
  voxels: Int32Array,
  sigma: number,
  { signal }: FitLoopOptions,
): Promise<LearnedPrior | null> {
  let present: Hyperparameters = BEFOREHAND;
  let counted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const moments = new Moments();
    const tile = new BiexponentialTile(averaged, priorOf(present));
    await forEachTile(voxels.length, { signal }, (from, to) => {
      const quality = averaged.logAverages(volume, voxels, from, to, tile.logSignal);
      tile.prepare(to - from);
      for (let at = 0; at < to - from; at++)
        if (quality[at] === SignalQuality.good && tile.fit(at, sigma)) moments.add(tile.posterior);
    });
    counted = moments.voxels;
    if (counted === 0) return null;
    const next = moments.hyperparameters();
    const settled = largestChange(present, next) < SETTLED;
    present = next;
    if (settled) break;
  }
  return { ...present, voxels: counted };
}

const PARAMETERS = ['logitF', 'lnD', 'lnDStar'] as const;

/** First and second moments of the posteriors of voxels, added up. */
class Moments {
  voxels = 0;
  private readonly first = { logitF: 0, lnD: 0, lnDStar: 0 };
  private readonly second = { logitF: 0, lnD: 0, lnDStar: 0 };

  add(posterior: PosteriorFit | null): void {
    if (!posterior) return;
    const { f, d, lnDStar } = posterior;
    this.voxels++;
    this.first.logitF += f.mean(logit);
    this.second.logitF += f.mean((x) => square(logit(x)));
    this.first.lnD += d.mean(Math.log);
    this.second.lnD += d.mean((x) => square(Math.log(x)));
    this.first.lnDStar += lnDStar.mean();
    this.second.lnDStar += lnDStar.mean(square);
  }

  /** Of the voxels and the {@link PSEUDO_VOXELS} together. */
  hyperparameters(): Hyperparameters {
    const of = (parameter: (typeof PARAMETERS)[number]): NormalSpread => {
      const { mean: before, sd } = BEFOREHAND[parameter];
      const count = this.voxels + PSEUDO_VOXELS;
      const mean = (this.first[parameter] + PSEUDO_VOXELS * before) / count;
      const squares = (this.second[parameter] + PSEUDO_VOXELS * (before * before + sd * sd)) / count;
      const spread = Math.sqrt(Math.max(squares - mean * mean, 0));
      return { mean, sd: Math.max(spread, SMALLEST_SD[parameter]) };
    };
    return { logitF: of('logitF'), lnD: of('lnD'), lnDStar: of('lnDStar') };
  }
}

function largestChange(before: Hyperparameters, after: Hyperparameters): number {
  return Math.max(
    ...PARAMETERS.flatMap((parameter) => [
      Math.abs(after[parameter].mean - before[parameter].mean),
      Math.abs(after[parameter].sd - before[parameter].sd),
    ]),
  );
}
