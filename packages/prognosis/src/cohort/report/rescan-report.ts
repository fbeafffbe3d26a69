import type { RescanAnalysis } from '../analysis/analyze-rescan';
import type { ReportSection } from './cohort-report';
import { fixed, withInterval } from './shown-numbers';

const DECIMALS: Readonly<Record<string, number>> = { fa: 3, adc: 3, f_pct: 2 };
const LABELS: Readonly<Record<string, string>> = { fa: 'FA', adc: 'ADC, 10^-3 mm2/s', f_pct: 'f, %' };

/** Scan-rescan repeatability as tables. */
export function rescanReport({ markers, not_available }: RescanAnalysis): ReportSection[] {
  const found = Object.entries(markers).flatMap(([key, one]) => (one ? [[key, one] as const] : []));
  const decimals = (key: string) => DECIMALS[key] ?? 3;
  const label = (key: string) => LABELS[key] ?? key;
  const repeatability = {
    title: 'Scan and rescan without change between them (95 % intervals)',
    header: ['', 'people', 'mean', 'within-subject SD', 'repeatability coefficient', 'wCV, %', 'ICC(2,1)'],
    rows: found.map(([key, one]) => [
      label(key),
      String(one.n),
      fixed(one.grand_mean, decimals(key)),
      withInterval(one.wSD, one.wSD_ci95, decimals(key) + 1),
      fixed(one.RC, decimals(key)),
      fixed(one.wCV_rms_pct, 1),
      fixed(one.icc_2_1_agreement, 2),
    ]),
    notes: ['Two scans of one person differ by less than the repeatability coefficient in 95 of 100 cases.'],
  };
  const agreement = {
    title: 'Bland and Altman: first minus second scan',
    header: ['', 'bias', 'limits of agreement'],
    rows: found.map(([key, { bland_altman: limits }]) => [
      label(key),
      withInterval(limits.bias, limits.bias_ci95, decimals(key)),
      `${fixed(limits.loa[0], decimals(key))} to ${fixed(limits.loa[1], decimals(key))}`,
    ]),
    notes: [],
  };
  const missing = not_available.map(({ what, why }) => `${what}: ${why}`);
  return [
    {
      title: 'Results: repeatability',
      part: 'results',
      items: [
        { kind: 'table', table: repeatability },
        { kind: 'table', table: agreement },
        ...(missing.length > 0 ? [{ kind: 'list', lines: missing } as const] : []),
      ],
    },
  ];
}
