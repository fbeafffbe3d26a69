import { closestTopLeft, youdenCuts } from '../roc/best-cuts';
import { compareAucs, delongCovariance, delongInterval, isZeroVariance, placements } from '../roc/delong';
import { hanleyMcNeilStandardError } from '../roc/hanley-mcneil';
import {
  distinctValues,
  rocCurve,
  type MarkedOutcomes,
  type RocCurve,
  type RocPoint,
} from '../roc/roc-curve';
import { bootstrapYouden } from '../roc/youden-bootstrap';
import type { Absences } from './absences';

/** What the resampling needs. */
export interface Resampling {
  readonly replicates: number;
  readonly seed: number;
}

/** ROC analysis of one marker. Null when a class is empty. */
export function rocSection(
  path: string,
  data: MarkedOutcomes,
  absences: Absences,
  resampling: Resampling | null,
) {
  return absences.attempt(path, () => {
    const curve = rocCurve(data);
    const placed = placements(data);
    const variance = absences.attempt(`${path}.delong_se`, () => delongCovariance(placed, placed, data.good));
    const interval =
      variance === null
        ? null
        : absences.attempt(`${path}.delong_ci95`, () => delongInterval(placed, data.good));
    const [topLeft] = closestTopLeft(curve);
    return {
      n: data.values.length,
      n_good: curve.nGood,
      n_poor: curve.nPoor,
      auc: placed.auc,
      delong_var: variance,
      delong_se: variance === null ? null : isZeroVariance(variance) ? 0 : Math.sqrt(variance),
      delong_ci95: interval?.interval ?? null,
      delong_logit_ci95: interval?.logitInterval ?? null,
      hanley_mcneil_se: hanleyMcNeilStandardError(placed.auc, curve.nGood, curve.nPoor),
      mannwhitney_U: placed.auc * curve.nGood * curve.nPoor,
      youden: {
        ...youdenSection(curve),
        bootstrap:
          resampling &&
          absences.attempt(`${path}.youden.bootstrap`, () => bootstrapYouden(data, curve, resampling)),
      },
      closest_topleft: topLeft ? cutPoint(topLeft) : null,
      n_points: curve.points.length,
      n_unique: distinctValues(curve),
    };
  });
}

/** The first best cut, in both conventions, and all that share its J. */
function youdenSection(curve: RocCurve) {
  const { j, cuts } = youdenCuts(curve);
  const [first] = cuts;
  return {
    threshold_midpoint: finite(first?.midpoint),
    sensitivity: first?.sensitivity ?? null,
    specificity: first?.specificity ?? null,
    J_plus_1: j + 1,
    J: j,
    at_or_beyond: finite(first?.lastPositive),
    best_midpoints: cuts.map(({ midpoint }) => midpoint).filter(Number.isFinite),
    best_cuts_at_or_beyond: cuts.map(({ lastPositive }) => lastPositive).filter(Number.isFinite),
  };
}

function cutPoint({ midpoint, sensitivity, specificity }: RocPoint) {
  return { threshold_midpoint: finite(midpoint), sensitivity, specificity };
}

/** In larger cohorts every so many points of a curve are told: no eye and no plot can tell more apart. */
const MOST_POINTS = 20_000;

/** Points of the curve from end to end; null marks the ends, where the cut is infinite. */
export function rocPoints(path: string, data: MarkedOutcomes, absences: Absences) {
  return absences.attempt(path, () => {
    const { points } = rocCurve(data);
    const step = Math.ceil(points.length / MOST_POINTS);
    if (step > 1)
      absences.add(
        `${path} (all of them)`,
        `of ${String(points.length)} points, one in ${String(step)} is told`,
      );
    return points
      .filter((_, i) => i % step === 0 || i === points.length - 1)
      .map(({ midpoint, lastPositive, sensitivity, specificity }) => ({
        threshold: finite(midpoint),
        at_or_beyond: finite(lastPositive),
        sensitivity,
        specificity,
      }));
  });
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** DeLong's paired test of two markers in the same patients. */
export function pairedSection(path: string, a: MarkedOutcomes, b: MarkedOutcomes, absences: Absences) {
  return absences.attempt(path, () => {
    const { difference, z, p, interval } = compareAucs(placements(a), placements(b), a.good);
    return { n: a.values.length, z, p, auc_diff: difference, ci95: interval };
  });
}
