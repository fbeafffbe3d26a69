import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { decisionCurve, scorePredictor } from '../analysis/score-check';
import { FA_F_RULE } from '../../fa-f-rule';
import { PUBLISHED_STUDY } from '../../score';
import type { Cohort } from '../data/cohort';
import { CohortTable } from '../data/cohort-table';
import { linearPredictor } from '../model/predictions';
import { withInterval } from '../report/shown-numbers';
import { domainOf, thinned, type CohortPlot, type PlotLayer, type PlotPoint } from './cohort-plot';
import { rocPlot } from './roc-plot';

const MOST_DOTS = 1500;

/** The plots of an analysis: ROC, calibration, decision curve, markers against recovery. Those without data are left out. */
export function cohortPlots(cohort: Cohort, analysis: CohortAnalysis): CohortPlot[] {
  const table = new CohortTable(cohort);
  const fitted = fittedPredictor(table, analysis);
  const plots = [
    rocOf(table, analysis, fitted),
    calibrationPlot(analysis),
    decisionPlot(table, analysis, fitted),
    scatterPlot(table, analysis, 'fa'),
    scatterPlot(table, analysis, 'f'),
  ];
  return plots.filter((plot) => plot !== null);
}

/** Linear predictor of the model of FA and f fitted here, for patients with both and an outcome. */
function fittedPredictor(table: CohortTable, { logistic }: CohortAnalysis): Float64Array | null {
  if (!logistic) return null;
  const { values } = table.complete('fa', 'f', 'good');
  const coefficients = ['(Intercept)', 'fa', 'f'].map((name) => logistic.coef[name] ?? NaN);
  return linearPredictor({ columns: [values.fa, values.f], outcome: values.good }, coefficients);
}

function rocOf(
  table: CohortTable,
  { roc, tool }: CohortAnalysis,
  fitted: Float64Array | null,
): CohortPlot | null {
  const direction = 'higher is good' as const;
  const fa = table.complete('fa', 'good').values;
  const f = table.complete('f', 'good').values;
  const good = table.complete('fa', 'f', 'good').values.good;
  return rocPlot(
    [
      {
        name: 'FA',
        section: roc.fa,
        data: { values: fa.fa, good: fa.good, direction },
        colour: 'blue',
        withBand: true,
      },
      {
        name: 'f',
        section: roc.f,
        data: { values: f.f, good: f.good, direction },
        colour: 'orange',
        withBand: false,
      },
      {
        name: 'FA + f, fitted here',
        section: fitted ? roc.combined_logistic : null,
        data: { values: fitted ?? [], good, direction },
        colour: 'green',
        withBand: false,
      },
    ],
    tool.seed,
  );
}

function calibrationPlot({ plug_in_score }: CohortAnalysis): CohortPlot | null {
  if (!plug_in_score) return null;
  const groups = plug_in_score.calibration_groups;
  const { calibration_slope: slope, calibration_intercept_joint: intercept } = plug_in_score;
  const line = (logit: (eta: number) => number) =>
    Array.from({ length: 97 }, (_, i): PlotPoint => {
      const p = 0.02 + i / 100;
      return [p, 1 / (1 + Math.exp(-logit(Math.log(p / (1 - p)))))];
    });
  const layers: PlotLayer[] = [
    {
      kind: 'line',
      name: 'ideal',
      points: [
        [0, 0],
        [1, 1],
      ],
      colour: 'neutral',
      dashed: true,
    },
    {
      kind: 'line',
      name: 'intercept and slope fitted here',
      points: line((eta) => intercept + slope * eta),
      colour: 'orange',
    },
    {
      kind: 'intervals',
      name: '',
      bars: groups.flatMap(({ mean_p, clopper_pearson }) => {
        const [low, high] = clopper_pearson ?? [null, null];
        return low === null || high === null ? [] : [{ x: mean_p, low, high }];
      }),
      colour: 'blue',
    },
    {
      kind: 'points',
      name: 'tenths of the patients, exact 95 %',
      points: groups.map(({ mean_p, observed_share }): PlotPoint => [mean_p, observed_share]),
      colour: 'blue',
    },
  ];
  const [a, b] = [plug_in_score.calibration_intercept, slope];
  return {
    id: 'calibration',
    title: 'Calibration of the derived score',
    x: { label: 'predicted share of good recoveries', domain: [0, 1] },
    y: { label: 'observed share', domain: [0, 1] },
    layers,
    notes: [
      `Calibration in the large ${a.toFixed(2)} (0 is ideal), slope ${b.toFixed(2)} (1 is ideal); score at a share of ${String(plug_in_score.model.share_recovered)}.`,
    ],
  };
}

function decisionPlot(
  table: CohortTable,
  { prevalence }: CohortAnalysis,
  fitted: Float64Array | null,
): CohortPlot | null {
  const { values } = table.complete('fa', 'f', 'good');
  if (values.good.length === 0 || prevalence === null || prevalence === 0 || prevalence === 1) return null;
  const thresholds = Array.from({ length: 91 }, (_, i) => 0.05 + i / 100);
  const curve = decisionCurve(
    fitted,
    scorePredictor(values.fa, values.f),
    { columns: [values.fa, values.f], outcome: values.good },
    thresholds,
  );
  const points = (of: (one: (typeof curve)[number]) => number | null): PlotPoint[] =>
    curve.flatMap((one) => {
      const value = of(one);
      return value === null ? [] : [[one.threshold, value] as const];
    });
  // Far below zero nothing is decided any more.
  const low = -0.1;
  const within = (all: PlotPoint[]) => all.filter(([, y]) => y >= low);
  return {
    id: 'decision',
    title: 'Decision curve',
    x: { label: 'threshold probability', domain: [0, 1] },
    y: { label: 'net benefit', domain: [low, Math.min(1, prevalence + 0.05)] },
    layers: [
      {
        kind: 'line',
        name: 'nobody counted as good',
        points: [
          [0, 0],
          [1, 0],
        ],
        colour: 'neutral',
        dashed: true,
      },
      {
        kind: 'line',
        name: 'everyone counted as good',
        points: within(points(({ nb_all }) => nb_all)),
        colour: 'neutral',
      },
      {
        kind: 'line',
        name: 'derived score',
        points: within(points(({ nb_plugin }) => nb_plugin)),
        colour: 'orange',
      },
      ...(fitted
        ? [
            {
              kind: 'line',
              name: 'FA + f, fitted here',
              points: within(points(({ nb_logistic }) => nb_logistic)),
              colour: 'green',
            } as const,
          ]
        : []),
    ],
    notes: [
      'Net benefit of calling patients good whose probability reaches the threshold. The fitted model is judged on its own patients.',
    ],
  };
}

const SCATTER = {
  fa: { label: 'FA', cut: FA_F_RULE.fa.cutOff, cutWords: 'published cut-off 0.41' },
  f: { label: 'f, %', cut: PUBLISHED_STUDY.cutOffFPercent, cutWords: 'published cut-off 9.5 %' },
} as const;

function scatterPlot(
  table: CohortTable,
  { correlation_with_rr }: CohortAnalysis,
  marker: 'fa' | 'f',
): CohortPlot | null {
  const { values } = table.complete(marker, 'rr');
  const markerValues = values[marker];
  if (markerValues.length === 0) return null;
  const points = Array.from(markerValues, (value, i): PlotPoint => [value, values.rr[i] ?? NaN]);
  const { label, cut, cutWords } = SCATTER[marker];
  const x = domainOf([...markerValues, cut]);
  const y = domainOf([...values.rr, 50]);
  const correlation = correlation_with_rr[marker];
  return {
    id: `scatter-${marker}`,
    title: `${marker === 'fa' ? 'FA' : 'f'} and recovery`,
    x: { label, domain: x },
    y: { label: 'recovery rate, %', domain: y },
    layers: [
      {
        kind: 'line',
        name: cutWords,
        points: [
          [cut, y[0]],
          [cut, y[1]],
        ],
        colour: 'orange',
        dashed: true,
      },
      {
        kind: 'line',
        name: 'half of the lost points',
        points: [
          [x[0], 50],
          [x[1], 50],
        ],
        colour: 'neutral',
        dashed: true,
      },
      { kind: 'points', name: 'patients', points: thinned(points, MOST_DOTS), colour: 'blue', hollow: true },
    ],
    notes: [
      `Pearson r ${withInterval(correlation?.pearson_r, correlation?.ci95, 2)}, ${String(points.length)} patients.`,
      ...(points.length > MOST_DOTS ? ['Not every patient is drawn.'] : []),
    ],
  };
}
