import { noiseSource } from '@myelon/diffusion';
import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { quantileOfSorted } from '../descriptives';
import { withInterval } from '../report/shown-numbers';
import { rocCurve, type MarkedOutcomes } from '../roc/roc-curve';
import { poissonCounts, redrawnCounts, valueGroups } from '../roc/value-groups';
import { thinned, type CohortPlot, type PlotColour, type PlotLayer, type PlotPoint } from './cohort-plot';

/** A curve to draw; the band is drawn for one of them only, or they would hide each other. */
export interface RocPlotCurve {
  readonly name: string;
  readonly section: CohortAnalysis['roc']['fa'];
  readonly data: MarkedOutcomes;
  readonly colour: PlotColour;
  readonly withBand: boolean;
}

const MOST_POINTS = 1000;
const BAND = { replicates: 500, steps: 50, groups: 1000, oneByOneUpTo: 20_000 } as const;

/** ROC curves with the diagonal; null when there is none to draw. */
export function rocPlot(curves: readonly RocPlotCurve[], seed: number): CohortPlot | null {
  const drawn = curves.filter(({ section }) => section !== null);
  if (drawn.length === 0) return null;
  const layers = drawn.flatMap(({ name, data, colour, withBand }): PlotLayer[] => {
    const points = thinned(rocCurve(data).points, MOST_POINTS).map(
      ({ sensitivity, specificity }): PlotPoint => [1 - specificity, sensitivity],
    );
    const band = withBand ? sensitivityBand(data, seed) : null;
    return [
      ...(band ? [{ kind: 'band', name: `${name}, 95 %`, ...band, colour } as const] : []),
      { kind: 'line', name, points, colour },
    ];
  });
  const banded = drawn.find(({ withBand }) => withBand);
  return {
    id: 'roc',
    title: 'ROC curves',
    x: { label: '1 - specificity', domain: [0, 1] },
    y: { label: 'sensitivity', domain: [0, 1] },
    layers: [
      {
        kind: 'line',
        name: '',
        points: [
          [0, 0],
          [1, 1],
        ],
        colour: 'neutral',
        dashed: true,
      },
      ...layers,
    ],
    notes: [
      ...drawn.map(
        ({ name, section }) => `${name}: AUC ${withInterval(section?.auc, section?.delong_ci95, 3)}.`,
      ),
      ...(banded
        ? [
            `Band: sensitivity of ${banded.name} at each specificity, ${String(BAND.replicates)} bootstrap draws.`,
          ]
        : []),
    ],
  };
}

/** Percentile interval of the sensitivity at fixed specificities; null below 2 patients per outcome. */
function sensitivityBand(
  data: MarkedOutcomes,
  seed: number,
): { lower: PlotPoint[]; upper: PlotPoint[] } | null {
  const { points, nGood, nPoor } = rocCurve(data);
  if (Math.min(nGood, nPoor) < 2) return null;
  const few = data.values.length <= BAND.oneByOneUpTo;
  const distinct = points.slice(0, -1).map(({ lastPositive }) => lastPositive);
  const groups = valueGroups(data, distinct, few ? Infinity : BAND.groups);
  const noise = noiseSource(seed);
  const found = Array.from({ length: BAND.steps + 1 }, () => new Float64Array(BAND.replicates));
  for (let replicate = 0; replicate < BAND.replicates; replicate++) {
    const counts = few ? redrawnCounts(groups, noise) : poissonCounts(groups, noise);
    sensitivities(counts, BAND.steps).forEach((value, k) => {
      const values = found[k];
      if (values) values[replicate] = value;
    });
  }
  const at = (quantile: number) =>
    found.map((values, k): PlotPoint => [1 - k / BAND.steps, quantileOfSorted(values.sort(), quantile)]);
  return { lower: at(0.025), upper: at(0.975) };
}

/** Sensitivity at specificities 0, 1 / steps ... 1, from counts per group, worst first. */
function sensitivities({ good, poor }: { good: Uint32Array; poor: Uint32Array }, steps: number): number[] {
  const total = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);
  const [nGood, nPoor] = [total(good), total(poor)];
  let group = 0;
  let [goodBelow, poorBelow] = [0, 0];
  return Array.from({ length: steps + 1 }, (_, k) => {
    while (group < good.length && poorBelow < (k / steps) * nPoor - 1e-9) {
      goodBelow += good[group] ?? 0;
      poorBelow += poor[group] ?? 0;
      group++;
    }
    return nGood > 0 ? (nGood - goodBelow) / nGood : 0;
  });
}
