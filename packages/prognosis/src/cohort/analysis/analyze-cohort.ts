import { InputRefused } from '@myelon/diffusion';
import { fitLogistic, type LogisticData, type LogisticFit } from '../../logistic';
import { FIXED_STATEMENTS } from '../../fixed-statements';
import type { Cohort } from '../data/cohort';
import { CohortTable } from '../data/cohort-table';
import { fitLinear } from '../model/linear-regression';
import { leaveOneOut } from '../model/leave-one-out';
import { optimismCorrected } from '../model/optimism';
import { linearPredictor } from '../model/predictions';
import type { MarkedOutcomes } from '../roc/roc-curve';
import { Absences } from './absences';
import { addedValue } from './added-value';
import { byCoefficient, firthSection, logisticSection, maximumLikelihood } from './combined-model';
import {
  correlationOfMarkers,
  correlationsWithRecovery,
  countPatients,
  descriptivesOf,
  groupTests,
  prePost,
} from './describe-cohort';
import { pairedSection, rocPoints, rocSection } from './discrimination';
import { withoutNaN } from './finite-json';
import { MARKERS, type Marker } from './markers';
import { Pace } from './pace';
import { publishedCutOffs, twoByTwo } from './rules';
import { sampleSizeGate } from './sample-size';
import { decisionCurve, scorePredictor, scoreSection } from './score-check';
import { summaries } from './summaries';
import { combinedVerdict } from './verdict';

export interface AnalyzeOptions {
  /** Seed of everything that is drawn: the same seed gives the same figures everywhere. Default 1. */
  readonly seed?: number;
  /** Bootstrap draws; by default 2000, fewer in large cohorts, whose figures vary less from draw to draw. */
  readonly replicates?: number;
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** The analysis of a cohort. Keys are part of the command line's contract (docs/cohort.md); null has its reason in `not_available`. */
export type CohortAnalysis = Awaited<ReturnType<typeof analyzeCohort>>;

/**
 * Everything a site needs to check FA and f against its own outcomes: description, correlation, discrimination, the
 * published cut-offs, models, calibration of the derived score, decision curve.
 *
 * @throws InputRefused when no patient has an outcome together with any marker
 * @throws AbortError when the signal is aborted
 */
export async function analyzeCohort(cohort: Cohort, options: AnalyzeOptions = {}) {
  const table = new CohortTable(cohort);
  refuseEmpty(table);
  const absences = new Absences();
  const pace = new Pace(options.onProgress, options.signal);
  const seed = options.seed ?? 1;
  const replicates = options.replicates ?? defaultReplicates(table.size);
  await pace.at(0.02);
  const counts = countPatients(table);
  const described = {
    descriptives: descriptivesOf(table),
    pre_post: prePost(table, absences),
    group_tests: groupTests(table, absences),
    correlation_with_rr: correlationsWithRecovery(table, absences),
    cor_fa_f: correlationOfMarkers(table, absences),
  };
  await pace.at(0.08);
  const model = combinedModel(table, absences);
  const cutReplicates = options.replicates ?? Math.max(500, replicates);
  const roc = await rocSections(table, model, absences, { replicates: cutReplicates, seed }, pace);
  const fitted = await fittedSections(model, absences, { replicates, seed }, pace);
  const paired = pairedSections(table, model, absences);
  const linear = scorePredictor(model.markers.fa, model.markers.f);
  const analysis = {
    tool: { name: 'Myelon', seed, replicates, remarks: cohort.remarks },
    ...counts,
    ...described,
    roc,
    delong_paired: paired,
    ...fitted,
    linear_rr: absences.attempt('linear_rr', () => linearSection(table)),
    published_cutoffs: publishedCutOffs(table),
    rule_2x2: twoByTwo(table),
    plug_in_score: absences.attempt('plug_in_score', () =>
      scoreSection(linear, model.good, model.fit?.logLikelihood ?? null, 2),
    ),
    decision_curve: decisionCurve(model.linear, linear, model.data),
    added_value: addedValue(table, absences),
    roc_points: {
      fa: rocPoints('roc_points.fa', markedOutcomes(table, 'fa'), absences),
      f: rocPoints('roc_points.f', markedOutcomes(table, 'f'), absences),
    },
    sample_size: sampleSizeGate(counts.n_good, counts.n_poor),
    verdict: combinedVerdict(
      paired.combined_vs_fa,
      roc.combined_logistic && roc.fa
        ? {
            combined: roc.combined_logistic.auc,
            fa: roc.combined_logistic.auc - (paired.combined_vs_fa?.auc_diff ?? 0),
            leaveOneOut: fitted.loo?.auc ?? null,
          }
        : null,
    ),
    statements: FIXED_STATEMENTS,
  };
  await pace.at(1);
  return withoutNaN({ ...analysis, ...summaries(analysis), not_available: absences.list });
}

function refuseEmpty(table: CohortTable): void {
  const usable = MARKERS.some(
    ({ column }) => table.complete(column, 'good').rows.length + table.complete(column, 'rr').rows.length > 0,
  );
  if (!usable)
    throw new InputRefused(
      `none of ${String(table.size)} patients has both a marker and an outcome`,
      'cohort',
      'add mJOA before and after surgery, and FA, f or ADC',
    );
}

/** So many that the draws cost seconds at most. */
function defaultReplicates(patients: number): number {
  return Math.max(20, Math.min(2000, Math.floor(2e6 / Math.max(1, patients))));
}

function markedOutcomes(table: CohortTable, key: string): MarkedOutcomes {
  const marker = MARKERS.find((one) => one.key === key);
  const { column, direction } =
    marker ?? ({ column: 'pre_mjoa_total', direction: 'higher is good' } as const);
  const { values } = table.complete(column, 'good');
  return { values: values[column], good: values.good, direction };
}

/** FA and f of patients who have both and an outcome, and the model fitted to them. */
interface CombinedModel {
  readonly markers: { readonly fa: Float64Array; readonly f: Float64Array };
  readonly data: LogisticData;
  readonly good: Float64Array;
  readonly fit: LogisticFit | null;
  readonly linear: Float64Array | null;
  readonly firth: LogisticFit | null;
}

function combinedModel(table: CohortTable, absences: Absences): CombinedModel {
  const { values } = table.complete('fa', 'f', 'good');
  const data = { columns: [values.fa, values.f], outcome: values.good };
  const fit = absences.attempt('logistic', () => maximumLikelihood(data));
  return {
    markers: values,
    data,
    good: values.good,
    fit,
    linear: fit && linearPredictor(data, fit.coefficients),
    firth: absences.attempt('firth', () => fitLogistic(data, { penalty: 'firth' })),
  };
}

async function rocSections(
  table: CohortTable,
  model: CombinedModel,
  absences: Absences,
  resampling: { replicates: number; seed: number },
  pace: Pace,
) {
  const section = async (path: string, data: MarkedOutcomes, done: number, bootstrap = true) => {
    await pace.at(done);
    return rocSection(path, data, absences, bootstrap ? resampling : null);
  };
  const higher = 'higher is good' as const;
  const { linear, firth, good } = model;
  return {
    fa: await section('roc.fa', markedOutcomes(table, 'fa'), 0.1),
    f: await section('roc.f', markedOutcomes(table, 'f'), 0.15),
    adc_lower_is_good: await section('roc.adc_lower_is_good', markedOutcomes(table, 'adc'), 0.2),
    combined_logistic:
      linear &&
      (await section('roc.combined_logistic', { values: linear, good, direction: higher }, 0.25, false)),
    combined_firth:
      firth &&
      (await section(
        'roc.combined_firth',
        { values: linearPredictor(model.data, firth.coefficients), good, direction: higher },
        0.28,
        false,
      )),
    pre_mjoa: await section('roc.pre_mjoa', markedOutcomes(table, 'pre_mjoa'), 0.3, false),
  };
}

function pairedSections(table: CohortTable, { markers, good, linear }: CombinedModel, absences: Absences) {
  const of = (values: Float64Array, outcome: Float64Array, key: Marker['key']): MarkedOutcomes => ({
    values,
    good: outcome,
    direction: key === 'adc' ? 'lower is good' : 'higher is good',
  });
  const against = (path: string, key: 'fa' | 'f') =>
    linear
      ? pairedSection(path, of(linear, good, 'combined'), of(markers[key], good, key), absences)
      : absences.add(path, 'the model of FA and f has no maximum likelihood fit');
  const withAdc = table.complete('fa', 'adc', 'good').values;
  return {
    combined_vs_fa: against('delong_paired.combined_vs_fa', 'fa'),
    combined_vs_f: against('delong_paired.combined_vs_f', 'f'),
    fa_vs_f: pairedSection(
      'delong_paired.fa_vs_f',
      of(markers.fa, good, 'fa'),
      of(markers.f, good, 'f'),
      absences,
    ),
    fa_vs_adc: pairedSection(
      'delong_paired.fa_vs_adc',
      of(withAdc.fa, withAdc.good, 'fa'),
      of(withAdc.adc, withAdc.good, 'adc'),
      absences,
    ),
  };
}

async function fittedSections(
  { data, fit, firth }: CombinedModel,
  absences: Absences,
  { replicates, seed }: { replicates: number; seed: number },
  pace: Pace,
) {
  await pace.at(0.32);
  const logistic = fit && logisticSection(data, fit, absences);
  await pace.at(0.36);
  const penalised = firth && firthSection(data, firth, absences);
  const loo = fit
    ? await absences.attemptAsync('loo', () => leaveOneOut(data, fit.coefficients, pace.between(0.4, 0.5)))
    : absences.add('loo', 'the model of FA and f has no maximum likelihood fit');
  const optimism = fit
    ? await absences.attemptAsync('bootstrap_optimism_approx', () =>
        optimismCorrected(data, fit.coefficients, { replicates, seed, checkpoint: pace.between(0.5, 0.98) }),
      )
    : absences.add('bootstrap_optimism_approx', 'the model of FA and f has no maximum likelihood fit');
  return {
    logistic,
    firth: penalised,
    loo,
    bootstrap_optimism_approx: optimism && {
      B: optimism.replicates,
      seed: optimism.seed,
      auc_apparent: optimism.aucApparent,
      auc_corrected: optimism.aucCorrected,
      slope_corrected: optimism.slopeCorrected,
      unusable_draws: optimism.unusable,
      tolerance: 'stochastic: +-0.006 on AUC, +-0.03 on slope',
    },
  };
}

/** Where the recovery rate is predicted as an example: below, at and above the published cut-offs. */
const EXAMPLES = [
  [0.36, 8.5],
  [0.41, 9.5],
  [0.5, 12],
] as const;

function linearSection(table: CohortTable) {
  const { values } = table.complete('fa', 'f', 'rr');
  const fit = fitLinear([values.fa, values.f], values.rr);
  return {
    n: values.rr.length,
    coef: byCoefficient((i) => fit.coefficients[i] ?? null),
    se: byCoefficient((i) => fit.standardErrors[i] ?? null),
    r2: fit.r2,
    adj_r2: fit.adjustedR2,
    sigma: fit.sigma,
    F: fit.f,
    prediction_interval: EXAMPLES.map(([fa, f]) => {
      const { fit: value, low, high } = fit.predict([fa, f]);
      return { fa, f, fit: value, lwr: low, upr: high };
    }),
  };
}
