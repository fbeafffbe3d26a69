import { InputRefused } from '@myelon/diffusion';
import type { Cohort } from '../cohort/data/cohort';
import { CohortTable, type ColumnName } from '../cohort/data/cohort-table';
import type { LogisticData } from '../logistic';
import type { MjoaVersion } from '../mjoa';

interface SharedPredictor {
  readonly name: string;
  readonly unit: string;
  readonly column: ColumnName;
}

/** Columns of a cohort that sites can fit together, by the names of the command line. */
const SHARED_PREDICTORS: Readonly<Record<string, SharedPredictor>> = {
  fa: { name: 'FA', unit: 'fraction', column: 'fa' },
  f: { name: 'f', unit: '%', column: 'f' },
  adc: { name: 'ADC', unit: '10^-3 mm2/s', column: 'adc' },
  pre_mjoa: { name: 'mJOA before surgery', unit: 'points', column: 'pre_mjoa_total' },
  age: { name: 'age', unit: 'years', column: 'age' },
};

/** @throws InputRefused for a name that is none, or one twice */
export function sharedPredictors(keys: readonly string[]): { name: string; unit: string }[] {
  const known = Object.keys(SHARED_PREDICTORS).join(', ');
  if (new Set(keys).size < keys.length)
    throw new InputRefused('a predictor is named twice', 'predictors', 'name each once');
  return keys.map((key) => {
    const found = SHARED_PREDICTORS[key];
    if (!found) throw new InputRefused(`"${key}" is no predictor`, 'predictors', `choose from ${known}`);
    return { name: found.name, unit: found.unit };
  });
}

/**
 * A site's patients as a request asks for them: those who have all predictors and an outcome.
 * @throws InputRefused when the request names other predictors or units, or another version of mJOA
 */
export function siteData(
  request: {
    readonly predictors: readonly { readonly name: string; readonly unit: string }[];
    readonly mjoaVersion: MjoaVersion | null;
  },
  cohort: Cohort,
  where: string,
): LogisticData {
  if (request.mjoaVersion !== null && request.mjoaVersion !== cohort.mjoaVersion)
    throw new InputRefused(
      `the study counts on ${request.mjoaVersion}, these patients were scored with ${cohort.mjoaVersion}`,
      where,
      'recovery rates of different versions do not compare; score the patients with the version of the study',
    );
  const columns = request.predictors.map(({ name, unit }) => {
    const found = Object.values(SHARED_PREDICTORS).find((one) => one.name === name && one.unit === unit);
    if (!found)
      throw new InputRefused(
        `the study asks for ${name} (${unit}), which no cohort file holds`,
        where,
        'ask who runs the study',
      );
    return found.column;
  });
  const { values } = new CohortTable(cohort).complete('good', ...columns);
  return { columns: columns.map((column) => values[column]), outcome: values.good };
}
