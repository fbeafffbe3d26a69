import { MJOA_SCALES } from '../../mjoa';
import type { CohortTable, ColumnName } from '../data/cohort-table';
import { describeValues } from '../descriptives';
import { pearson, spearman } from '../correlation';
import { pairedTTest, signedRank } from '../paired-tests';
import { mannWhitney, welchTest } from '../two-group-tests';
import type { Absences } from './absences';
import { DESCRIBED, MARKERS } from './markers';

export const POLICY =
  'recovery rate undefined when pre is the scale maximum or a total is missing; each analysis uses complete cases ' +
  'for the columns it needs; ties count 1/2 in AUC';

/** Who is there, who is missing what. */
export function countPatients(table: CohortTable) {
  const good = table.present('good');
  const nGood = good.filter((value) => value === 1).length;
  const rr = table.present('rr');
  const { version, maximum } = MJOA_SCALES[table.cohort.mjoaVersion];
  const atMaximum = table.column('pre_mjoa_total').filter((pre) => pre >= maximum).length;
  const missing = (name: ColumnName) => table.missing(name);
  return {
    n: good.length,
    n_good: nGood,
    n_poor: good.length - nGood,
    prevalence: good.length > 0 ? nGood / good.length : null,
    mjoa_version: version,
    mjoa_maximum: maximum,
    policy: POLICY,
    n_rows: table.size,
    missing: {
      fa: missing('fa'),
      f: missing('f'),
      adc: missing('adc'),
      D: missing('D'),
      Ds: missing('Ds'),
      pre_mjoa_total: missing('pre_mjoa_total'),
      post_mjoa_total: missing('post_mjoa_total'),
    },
    n_pre18: atMaximum,
    n_rr_defined: rr.length,
    rr_min: rr.length > 0 ? rr.reduce((a, b) => Math.min(a, b)) : null,
    n_negative_rr: rr.filter((value) => value < 0).length,
    missing_patients: patientsMissing(table),
  };
}

/** Longest list of names worth reading. */
const MOST_NAMED = 1000;

function patientsMissing(table: CohortTable): { subject_id: string; missing: string[] }[] {
  const named: readonly ColumnName[] = ['pre_mjoa_total', 'post_mjoa_total', 'fa', 'f', 'adc'];
  const columns = named
    .filter((name) => table.missing(name) < table.size)
    .map((name) => [name, table.column(name)] as const);
  const found: { subject_id: string; missing: string[] }[] = [];
  table.cohort.patients.forEach(({ id }, row) => {
    if (found.length >= MOST_NAMED) return;
    const missing = columns.filter(([, column]) => Number.isNaN(column[row])).map(([name]) => name);
    if (missing.length > 0) found.push({ subject_id: id, missing });
  });
  return found;
}

export function descriptivesOf(table: CohortTable) {
  return Object.fromEntries(
    DESCRIBED.map((name) => [
      name,
      {
        all: describeValues(table.present(name)),
        good: describeValues(table.present(name, 1)),
        poor: describeValues(table.present(name, 0)),
      },
    ]),
  );
}

/** mJOA after against before surgery. */
export function prePost(table: CohortTable, absences: Absences) {
  const { values } = table.complete('pre_mjoa_total', 'post_mjoa_total');
  const change = values.post_mjoa_total.map((post, i) => post - (values.pre_mjoa_total[i] ?? 0));
  const t = absences.attempt('pre_post', () => pairedTTest(change));
  const ranks = absences.attempt('pre_post.wilcoxon', () => signedRank(change));
  return {
    n: change.length,
    t: t?.t ?? null,
    df: t?.degreesOfFreedom ?? null,
    p: t?.p ?? null,
    mean_diff: t?.meanDifference ?? null,
    ci: t?.interval ?? null,
    wilcoxon_V: ranks?.statistic ?? null,
    wilcoxon_p: ranks?.p ?? null,
    wilcoxon_p_exact: ranks?.exactP ?? null,
  };
}

/** Each marker in patients with a good against those with a poor recovery. */
export function groupTests(table: CohortTable, absences: Absences) {
  return Object.fromEntries(
    MARKERS.map(({ key, column }) => {
      const [good, poor] = [table.present(column, 1), table.present(column, 0)];
      const welch = absences.attempt(`group_tests.${key}.welch`, () => welchTest(good, poor));
      const ranks = absences.attempt(`group_tests.${key}.mannwhitney`, () => mannWhitney(good, poor));
      return [
        key,
        {
          welch_t: welch?.t ?? null,
          welch_df: welch?.degreesOfFreedom ?? null,
          welch_p: welch?.p ?? null,
          diff_ci: welch?.interval ?? null,
          mannwhitney_U: ranks?.statistic ?? null,
          mannwhitney_p: ranks?.p ?? null,
          mannwhitney_p_exact: ranks?.exactP ?? null,
        },
      ];
    }),
  );
}

/** Each marker, and mJOA before surgery, against the recovery rate. */
export function correlationsWithRecovery(table: CohortTable, absences: Absences) {
  const columns = [
    ...MARKERS.map(({ key, column }) => [key, column] as const),
    ['pre_mjoa_total', 'pre_mjoa_total'] as const,
  ];
  return Object.fromEntries(
    columns.map(([key, column]) => {
      const { values } = table.complete(column, 'rr');
      const x = values[column];
      const r = absences.attempt(`correlation_with_rr.${key}`, () => pearson(x, values.rr));
      const rho = r && spearman(x, values.rr);
      return [
        key,
        {
          n: x.length,
          pearson_r: r?.r ?? null,
          ci95: r?.interval ?? null,
          t: r?.t ?? null,
          df: r ? x.length - 2 : null,
          p: r?.p ?? null,
          spearman_rho: rho?.r ?? null,
          spearman_ci95: rho?.interval ?? null,
          spearman_p: rho?.p ?? null,
        },
      ];
    }),
  );
}

export function correlationOfMarkers(table: CohortTable, absences: Absences): number | null {
  const { values } = table.complete('fa', 'f');
  return absences.attempt('cor_fa_f', () => pearson(values.fa, values.f).r);
}
