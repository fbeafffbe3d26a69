import { readFileSync } from 'node:fs';
import { DERIVED_BEFORE, recalibrate, type RecalibrationCohort } from '@myelon/prognosis';
import { describeWithSharedData, sharedData } from '../support/shared-data';

interface Reference {
  readonly R: {
    readonly plug_in_score: {
      readonly calibration_intercept: number;
      readonly calibration_slope: number;
      readonly closed_test: Readonly<Record<string, { readonly chisq: number; readonly p: number }>>;
      readonly selected: string;
    };
  };
}

function cohort(name: string): RecalibrationCohort {
  const [header = '', ...rows] = readFileSync(sharedData('cohort', `${name}.csv`), 'utf8')
    .trim()
    .split('\n');
  const names = header.split(',');
  const column = (wanted: string) => rows.map((row) => Number(row.split(',')[names.indexOf(wanted)]));
  return { fa: column('fa'), fPercent: column('ivim_f_pct'), good: column('good_recovery') };
}

describeWithSharedData('recalibration beside R', ['cohort'], () => {
  it.each(['cohort_dev', 'cohort_dev_siteB'])('%s: same tests, same choice', async (name) => {
    const found = await recalibrate(DERIVED_BEFORE, cohort(name));
    const { plug_in_score: reference } = (
      JSON.parse(readFileSync(sharedData('cohort', `reference_${name}.json`), 'utf8')) as Reference
    ).R;
    const { calibrationBefore } = found.performance;
    expect(calibrationBefore.intercept).toBeCloseTo(reference.calibration_intercept, 7);
    expect(calibrationBefore.slope).toBeCloseTo(reference.calibration_slope, 7);
    for (const update of ['original', 'intercept', 'intercept_slope'] as const) {
      const { chisq, p } = reference.closed_test[`refit_vs_${update}`]!;
      expect(found.closedTest.refitAgainst[update].chisq).toBeCloseTo(chisq, 7);
      expect(found.closedTest.refitAgainst[update].p / p).toBeCloseTo(1, 5);
    }
    expect(found.closedTest.selected).toBe(reference.selected.replace('+', '_'));
  });
});
