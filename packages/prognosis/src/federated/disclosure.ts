import { InputRefused } from '@myelon/diffusion';
import { checkLogisticData, type LogisticData } from '../logistic';

/** Fewest patients in any cell that leaves a site. */
export const MIN_CELL = 5;
/** Fewest patients of a site. */
export const MIN_SITE = 20;
/** A predictor with at most so many different values makes cells of its values. */
const FEW_VALUES = 10;

export const DISCLOSURE_RULE =
  `Only sums over at least ${String(MIN_SITE)} patients leave, with at least ${String(MIN_CELL)} of each outcome; a ` +
  `predictor with up to ${String(FEW_VALUES)} different values has at least ${String(MIN_CELL)} patients per value and ` +
  'outcome. Sums at several coefficients still tell more than one: send them to those you trust, not to the public.';

/**
 * @throws InputRefused when sums over these patients would leave a cell under 5
 */
export function checkDisclosure(
  { columns, outcome }: LogisticData,
  names: readonly string[],
  site: string,
): void {
  const refuse = (what: string): never => {
    throw new InputRefused(what, site, 'nothing is sent; join with another site or leave the predictor out');
  };
  const n = outcome.length;
  if (n < MIN_SITE) refuse(`${String(n)} patients, sums over fewer than ${String(MIN_SITE)} do not leave`);
  const counted = (rows: readonly number[], what: string) => {
    const good = rows.filter((i) => outcome[i] === 1).length;
    for (const [cell, of] of [
      [good, 'with'],
      [rows.length - good, 'without'],
    ] as const)
      if (cell < MIN_CELL)
        refuse(
          `${what}${String(cell)} patients ${of} the outcome, cells under ${String(MIN_CELL)} do not leave`,
        );
  };
  const all = Array.from({ length: n }, (_, i) => i);
  counted(all, '');
  columns.forEach((column, j) => {
    const values = new Set(Array.from(column));
    if (values.size > FEW_VALUES) return;
    for (const value of values)
      counted(
        all.filter((i) => column[i] === value),
        `${names[j] ?? 'predictor'} ${String(value)}: `,
      );
  });
}

/**
 * What both kinds of answer begin with: columns that are what was asked for, and enough patients behind every number.
 * @throws InputRefused when the columns do not fit, or a cell under 5 would leave
 */
export function checkSiteData(
  predictors: readonly { readonly name: string; readonly unit: string }[],
  data: LogisticData,
  site: string,
): void {
  if (data.columns.length !== predictors.length)
    throw new InputRefused(
      `${String(data.columns.length)} columns for ${String(predictors.length)} predictors`,
      site,
      `give ${predictors.map(({ name, unit }) => `${name} (${unit})`).join(', ')}`,
    );
  checkLogisticData(data);
  checkDisclosure(
    data,
    predictors.map(({ name }) => name),
    site,
  );
}
