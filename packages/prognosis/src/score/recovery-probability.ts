import { InputRefused } from '@myelon/diffusion';
import type { FaFScore, ScoreBand } from './score-markers';

/** How often patients of this site recover well: its own count, not the literature's. */
export interface SiteSuccessRate {
  /** Operated patients with known outcome. */
  readonly operated: number;
  /** Of these, how many regained at least half of the lost mJOA points. */
  readonly recovered: number;
}

/** Fewest patients whose count is taken for a rate. */
export const MIN_OPERATED = 20;

/** A probability as people can use it: of 100 patients like this, so many; to the nearest 5. */
export interface RecoveryProbability {
  /** Not rounded, for export only; shown are the words. */
  readonly probability: number;
  readonly modelBand: ScoreBand;
  readonly rescanBand: ScoreBand;
  readonly siteRate: SiteSuccessRate;
  /** "about 90 (75 to more than 95)" */
  readonly sentence: string;
  readonly rescanSentence: string;
}

/**
 * Refuses what is no success rate: P = 1 / (1 + exp(-(logit(rate) + S))) has no meaning at a rate of 0 or 1, and a
 * handful of patients give no rate.
 * @throws InputRefused
 */
export function checkSiteSuccessRate({ operated, recovered }: SiteSuccessRate): void {
  const refuse = (what: string): never => {
    throw new InputRefused(
      what,
      "site's success rate",
      `count at least ${String(MIN_OPERATED)} operated patients with known outcome, some with and some without good recovery`,
    );
  };
  if (!Number.isInteger(operated) || !Number.isInteger(recovered)) refuse('not whole patients');
  if (operated < MIN_OPERATED) refuse(`${String(operated)} operated patients are too few for a rate`);
  if (recovered < 0 || recovered > operated) refuse(`${String(recovered)} of ${String(operated)} cannot be`);
  if (recovered === 0 || recovered === operated)
    refuse(`${String(recovered)} of ${String(operated)} is no rate to calculate with`);
}

/**
 * Probability of good recovery at a site with this success rate. The rescan band is never added to the model band: the
 * published areas under the curve already contain the noise of that study's measurements.
 * @throws InputRefused when the rate is none ({@link checkSiteSuccessRate})
 */
export function recoveryProbability(score: FaFScore, rate: SiteSuccessRate): RecoveryProbability {
  checkSiteSuccessRate(rate);
  const prior = Math.log(rate.recovered / (rate.operated - rate.recovered));
  const at = (s: number) => 1 / (1 + Math.exp(-(prior + s)));
  const band = ({ low, high }: ScoreBand): ScoreBand => ({ low: at(low), high: at(high) });
  const probability = at(score.score);
  const [modelBand, rescanBand] = [band(score.modelBand), band(score.rescanBand)];
  const share = ofHundred(rate.recovered / rate.operated);
  return {
    probability,
    modelBand,
    rescanBand,
    siteRate: { ...rate },
    sentence:
      `Of 100 patients with these values, at a site where ${share} of 100 regain at least half of the lost mJOA ` +
      `points, ${aboutOfHundred(probability)} would, if the formula holds here (${range(modelBand)} by the ` +
      'uncertainty of the formula alone).',
    rescanSentence: `A second scan of the same patient may give ${range(rescanBand)} instead.`,
  };
}

/** Of 100, to the nearest 5; never 0 and never 100, which nobody can know. */
export function ofHundred(probability: number): string {
  const nearest = 5 * Math.round(20 * probability);
  if (nearest < 5) return 'fewer than 5';
  return nearest > 95 ? 'more than 95' : String(nearest);
}

function aboutOfHundred(probability: number): string {
  const words = ofHundred(probability);
  return /^\d/.test(words) ? `about ${words}` : words;
}

function range({ low, high }: ScoreBand): string {
  const [from, to] = [ofHundred(low), ofHundred(high)];
  return from === to ? `${from} of 100` : `${from} to ${to} of 100`;
}
