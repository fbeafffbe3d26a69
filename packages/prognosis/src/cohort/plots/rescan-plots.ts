import type { RescanAnalysis } from '../analysis/analyze-rescan';
import type { RescanPairs } from '../csv/read-rescan-csv';
import { withInterval } from '../report/shown-numbers';
import { domainOf, thinned, type CohortPlot, type PlotPoint } from './cohort-plot';

const MOST_DOTS = 1500;

/** A Bland-Altman plot of each marker scanned twice. */
export function rescanPlots(pairs: readonly RescanPairs[], { markers }: RescanAnalysis): CohortPlot[] {
  return pairs.flatMap(({ key, label, unit, first, second }) => {
    const found = markers[key];
    if (!found) return [];
    const points = Array.from(first, (value, i): PlotPoint => {
      const other = second[i] ?? NaN;
      return [(value + other) / 2, value - other];
    });
    const { bias, loa, bias_ci95 } = found.bland_altman;
    const x = domainOf(points.map(([mean]) => mean));
    const across = (value: number) => [[x[0], value] as const, [x[1], value] as const];
    const withUnit = unit === '' ? '' : `, ${unit}`;
    return [
      {
        id: `bland-altman-${key}`,
        title: `${label}: scan and rescan`,
        x: { label: `mean of both scans${withUnit}`, domain: x },
        y: {
          label: `first minus second${withUnit}`,
          domain: domainOf([...points.map(([, difference]) => difference), ...loa, 0]),
        },
        layers: [
          { kind: 'line', name: '', points: across(0), colour: 'neutral' },
          { kind: 'line', name: 'bias', points: across(bias), colour: 'blue' },
          {
            kind: 'line',
            name: 'limits of agreement',
            points: across(loa[0]),
            colour: 'orange',
            dashed: true,
          },
          { kind: 'line', name: '', points: across(loa[1]), colour: 'orange', dashed: true },
          {
            kind: 'points',
            name: 'people',
            points: thinned(points, MOST_DOTS),
            colour: 'blue',
            hollow: true,
          },
        ],
        notes: [
          `Bias ${withInterval(bias, bias_ci95, 3)}, limits ${loa[0].toFixed(3)} to ${loa[1].toFixed(3)}${withUnit}.`,
        ],
      },
    ];
  });
}
