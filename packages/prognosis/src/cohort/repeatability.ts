import type { Interval } from './correlation';
import { mean, standardDeviation } from './descriptives';
import { chiSquaredQuantile, student975, Z_975 } from './distributions/distributions';
import { needValues, notDefined } from './not-defined';

export interface BlandAltman {
  /** Mean of first minus second scan. */
  readonly bias: number;
  readonly standardDeviation: number;
  /** Limits of agreement, bias ± 1.96 SD. */
  readonly limits: Interval;
  readonly biasInterval: Interval;
}

export interface Repeatability {
  readonly n: number;
  readonly grandMean: number;
  /** Within-subject standard deviation sqrt(mean(d^2) / 2); no bias is taken out. */
  readonly wSD: number;
  /** 95 %, chi-squared with n degrees of freedom. */
  readonly wSDInterval: Interval;
  /** Repeatability coefficient z sqrt(2) wSD, z the 97.5 % point of the normal distribution (1.96). */
  readonly rc: number;
  /** Within-subject coefficients of variation as fractions: wSD over the grand mean, root mean square of each pair's, logarithmic. */
  readonly wCVRatio: number;
  readonly wCVRootMeanSquare: number;
  /** Null when a value is not positive. */
  readonly wCVLog: number | null;
  /** Shrout and Fleiss; null when there is no spread. */
  readonly icc: {
    readonly agreement21: number;
    readonly consistency31: number;
    readonly oneWay11: number;
  } | null;
  readonly blandAltman: BlandAltman;
}

/**
 * Two scans of the same people without change between them. wSD, RC and wCV: Raunig and others (QIBA), Stat Methods Med
 * Res 2015;24:27, and Bland and Altman, BMJ 1996;313:744. ICC: Shrout and Fleiss, Psychol Bull 1979;86:420. Limits of
 * agreement: Bland and Altman, Lancet 1986;327:307.
 * @throws InputRefused below 2 pairs
 */
export function repeatability(first: ArrayLike<number>, second: ArrayLike<number>): Repeatability {
  const n = first.length;
  needValues(n, 2, 'scan-rescan repeatability, people scanned twice');
  const differences = Float64Array.from(first, (value, i) => value - (second[i] ?? 0));
  const middles = Float64Array.from(first, (value, i) => (value + (second[i] ?? 0)) / 2);
  const grandMean = mean(middles);
  if (grandMean === 0) throw notDefined('the mean is 0', 'within-subject coefficient of variation');
  const halfSquares = differences.map((d) => (d * d) / 2);
  const wSD = Math.sqrt(mean(halfSquares));
  const sum = n * wSD * wSD;
  const positive = [...Array.from(first), ...Array.from(second)].every((value) => value > 0);
  const logSquares = Float64Array.from(first, (value, i) => Math.log(value / (second[i] ?? 1)) ** 2 / 2);
  return {
    n,
    grandMean,
    wSD,
    wSDInterval: [
      Math.sqrt(sum / chiSquaredQuantile(0.975, n)),
      Math.sqrt(sum / chiSquaredQuantile(0.025, n)),
    ],
    rc: Z_975 * Math.SQRT2 * wSD,
    wCVRatio: wSD / grandMean,
    wCVRootMeanSquare: Math.sqrt(mean(halfSquares.map((half, i) => half / (middles[i] ?? 1) ** 2))),
    wCVLog: positive ? Math.sqrt(Math.expm1(mean(logSquares))) : null,
    icc: intraclassCorrelations(differences, middles),
    blandAltman: blandAltman(differences),
  };
}

function blandAltman(differences: Float64Array): BlandAltman {
  const n = differences.length;
  const bias = mean(differences);
  const sd = standardDeviation(differences);
  const half = (student975(n - 1) * sd) / Math.sqrt(n);
  return {
    bias,
    standardDeviation: sd,
    limits: [bias - 1.96 * sd, bias + 1.96 * sd],
    biasInterval: [bias - half, bias + half],
  };
}

/** From the mean squares of a two-way table of n people and 2 scans. */
function intraclassCorrelations(differences: Float64Array, middles: Float64Array): Repeatability['icc'] {
  const n = differences.length;
  const people = 2 * standardDeviation(middles) ** 2;
  const scans = (n * mean(differences) ** 2) / 2;
  const residual = standardDeviation(differences) ** 2 / 2;
  const within = mean(differences.map((d) => (d * d) / 2));
  const agreement21 = (people - residual) / (people + residual + (2 * (scans - residual)) / n);
  const consistency31 = (people - residual) / (people + residual);
  const oneWay11 = (people - within) / (people + within);
  return [agreement21, consistency31, oneWay11].every(Number.isFinite)
    ? { agreement21, consistency31, oneWay11 }
    : null;
}
