import { InputRefused } from '@myelon/diffusion';
import { countPairs } from '../cohort/roc/auc';
import { linearPredictor, probabilities } from '../cohort/model/predictions';
import type { LogisticData } from '../logistic';
import { checkSiteData, DISCLOSURE_RULE, MIN_CELL } from './disclosure';
import type { EvaluationAnswer, EvaluationRequest, FitResult } from './exchange-files';

const BINS = 100;

/** Asks the sites to count their outcomes by what a fitted model predicts. */
export function startFederatedEvaluation(
  {
    study,
    outcome,
    mjoaVersion = null,
    predictors,
    coefficients,
  }: Pick<FitResult, 'study' | 'outcome' | 'predictors' | 'coefficients'> &
    Partial<Pick<FitResult, 'mjoaVersion'>>,
  bins = BINS,
): EvaluationRequest {
  return {
    schema: 'myelon-federated-evaluation-request',
    schemaVersion: '1.0',
    study,
    outcome,
    mjoaVersion,
    predictors,
    coefficients,
    edges: Array.from({ length: bins + 1 }, (_, i) => i / bins),
  };
}

/**
 * A site's counts: bins joined from below until both outcomes have at least 5 patients in each, and inside each bin cells
 * of at least 5 patients of one outcome.
 * @throws InputRefused when the columns do not fit or a cell under 5 would leave
 */
export function answerEvaluation(
  request: EvaluationRequest,
  site: string,
  data: LogisticData,
): EvaluationAnswer {
  const { predictors, coefficients, study, edges } = request;
  checkSiteData(predictors, data, site);
  const probability = probabilities(linearPredictor(data, coefficients));
  const patients = Array.from(probability, (value, i) => ({
    good: data.outcome[i] === 1,
    probability: value,
  }));
  const { concordant, tied, all } = countPairs({
    values: probability,
    good: data.outcome,
    direction: 'higher is good',
  });
  return {
    schema: 'myelon-federated-evaluation-answer',
    schemaVersion: '1.0',
    study,
    site,
    disclosureRule: DISCLOSURE_RULE,
    bins: joinedBins(patients, edges),
    pairs: all,
    concordant: concordant + tied / 2,
    sumSquaredError: patients.reduce(
      (sum, { good, probability }) => sum + (probability - (good ? 1 : 0)) ** 2,
      0,
    ),
  };
}

interface Predicted {
  readonly good: boolean;
  readonly probability: number;
}

type Bin = EvaluationAnswer['bins'][number];
type Cell = Bin['good'][number];

/** Counts of one base bin. */
interface BaseBin {
  readonly from: number;
  readonly to: number;
  readonly good: number;
  readonly poor: number;
  readonly sumPredicted: number;
}

function joinedBins(patients: readonly Predicted[], edges: readonly number[]): Bin[] {
  const base = baseBins(patients, edges);
  const isEnough = (group: readonly BaseBin[]) =>
    sumOf(group, 'good') >= MIN_CELL && sumOf(group, 'poor') >= MIN_CELL;
  return joined(base, isEnough).map((group) => ({
    ...spanOf(group),
    sumPredicted: sumOf(group, 'sumPredicted'),
    good: cellsOf(group, 'good'),
    poor: cellsOf(group, 'poor'),
  }));
}

function baseBins(patients: readonly Predicted[], edges: readonly number[]): BaseBin[] {
  return edges.slice(0, -1).map((from, at) => {
    const to = edges[at + 1] ?? 1;
    const isLast = at + 2 === edges.length;
    const inside = patients.filter(
      ({ probability }) => probability >= from && (probability < to || (isLast && probability <= to)),
    );
    const good = inside.filter((patient) => patient.good).length;
    const sumPredicted = inside.reduce((sum, { probability }) => sum + probability, 0);
    return { from, to, good, poor: inside.length - good, sumPredicted };
  });
}

/** Neighbours joined from below until there are enough; the rest joins the last group. */
function joined(bins: readonly BaseBin[], isEnough: (group: readonly BaseBin[]) => boolean): BaseBin[][] {
  const groups: BaseBin[][] = [];
  let open: BaseBin[] = [];
  for (const bin of bins) {
    open.push(bin);
    if (!isEnough(open)) continue;
    groups.push(open);
    open = [];
  }
  const last = groups.pop() ?? [];
  return [...groups, [...last, ...open]];
}

function cellsOf(group: readonly BaseBin[], outcome: 'good' | 'poor'): Cell[] {
  return joined(group, (part) => sumOf(part, outcome) >= MIN_CELL).map((part) => ({
    ...spanOf(part),
    patients: sumOf(part, outcome),
  }));
}

function spanOf(group: readonly BaseBin[]): { from: number; to: number } {
  return { from: group[0]?.from ?? 0, to: group.at(-1)?.to ?? 1 };
}

function sumOf(group: readonly BaseBin[], what: 'good' | 'poor' | 'sumPredicted'): number {
  return group.reduce((sum, bin) => sum + bin[what], 0);
}

/** Discrimination and calibration over all sites, as far as counts can tell. */
export interface FederatedEvaluation {
  readonly patients: number;
  readonly good: number;
  /**
   * Area under the ROC curve over all pairs of patients, also of different sites: exact within sites, between sites as
   * far as bins tell. The pooled value lies between `low` and `high`; `middle` counts pairs in overlapping bins half.
   */
  readonly auc: { readonly low: number; readonly middle: number; readonly high: number };
  /** Over pairs within sites only: exact. */
  readonly aucWithinSites: number;
  readonly brier: number;
  readonly observedToExpected: number;
  /** Points of a calibration plot: one per site and bin. */
  readonly calibration: readonly {
    readonly site: string;
    readonly patients: number;
    readonly observed: number;
    readonly meanPredicted: number;
  }[];
}

/** @throws InputRefused when there are no answers, or of different studies */
export function combineEvaluations(
  request: EvaluationRequest,
  answers: readonly EvaluationAnswer[],
): FederatedEvaluation {
  const names = new Set(answers.map(({ site }) => site));
  if (
    answers.length === 0 ||
    names.size < answers.length ||
    answers.some(({ study }) => study !== request.study)
  )
    throw new InputRefused(
      'no answers, a site twice, or another study',
      request.study,
      'collect one answer of this study from each site',
    );
  let [pairs, low, high] = [0, 0, 0];
  for (const a of answers)
    for (const b of answers) {
      const between =
        a === b ? { pairs: a.pairs, low: a.concordant, high: a.concordant } : pairsBetween(a, b);
      pairs += between.pairs;
      low += between.low;
      high += between.high;
    }
  const bins = answers.flatMap(({ site, bins: own }) => own.map((bin) => ({ site, ...bin })));
  const within = (of: (answer: EvaluationAnswer) => number) =>
    answers.reduce((sum, answer) => sum + of(answer), 0);
  const good = bins.reduce((sum, bin) => sum + patientsIn(bin.good), 0);
  const patients = good + bins.reduce((sum, bin) => sum + patientsIn(bin.poor), 0);
  const expected = bins.reduce((sum, { sumPredicted }) => sum + sumPredicted, 0);
  return {
    patients,
    good,
    auc: { low: low / pairs, middle: (low + high) / (2 * pairs), high: high / pairs },
    aucWithinSites: within(({ concordant }) => concordant) / within((answer) => answer.pairs),
    brier: within(({ sumSquaredError }) => sumSquaredError) / patients,
    observedToExpected: good / expected,
    calibration: bins.map((bin) => {
      const observed = patientsIn(bin.good);
      const inBin = observed + patientsIn(bin.poor);
      return {
        site: bin.site,
        patients: inBin,
        observed: observed / inBin,
        meanPredicted: bin.sumPredicted / inBin,
      };
    }),
  };
}

function patientsIn(cells: readonly Cell[]): number {
  return cells.reduce((sum, { patients }) => sum + patients, 0);
}

/** Good outcomes of one site against poor ones of another. */
function pairsBetween(
  a: EvaluationAnswer,
  b: EvaluationAnswer,
): { pairs: number; low: number; high: number } {
  const good = a.bins.flatMap((bin) => bin.good);
  const poor = b.bins.flatMap((bin) => bin.poor);
  let [pairs, low, high] = [0, 0, 0];
  for (const { from, to, patients } of good)
    for (const other of poor) {
      const here = patients * other.patients;
      pairs += here;
      if (from >= other.to) low += here;
      if (to > other.from) high += here;
    }
  return { pairs, low, high };
}
