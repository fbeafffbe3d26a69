import {
  GOOD_RECOVERY_PERCENT,
  MJOA_SCALES,
  recoveryRate,
  type MjoaScore,
  type MjoaVersion,
} from '../../mjoa';
import { GOOD_RECOVERY, RECOVERY_RATE } from './cohort-columns';
import type { ColumnReader } from './column-reader';
import { mjoaScores } from './mjoa-columns';

export interface Outcome {
  readonly preMjoa: number | null;
  readonly postMjoa: number | null;
  readonly recoveryRatePercent: number | null;
  readonly good: boolean | null;
}

/** Stated rates are rounded, at worst to whole per cent. */
const ROUNDING_PERCENT = 0.5;

/**
 * Outcome of each patient: from mJOA where the file has it, checked against the rate and outcome the file states; else
 * from these.
 *
 * @param remark told about stated values that are not used
 * @throws InputRefused when what is stated contradicts the scores
 */
export function readOutcomes(
  columns: ColumnReader,
  version: MjoaVersion,
  remark: (words: string) => void,
): Outcome[] {
  const [pre, post] = [mjoaScores(columns, 'pre', version), mjoaScores(columns, 'post', version)];
  const rates = columns.numbersOf(RECOVERY_RATE);
  const goods = columns.numbersOf(GOOD_RECOVERY);
  const scored = pre !== null && post !== null;
  const outcomes = columns.table.rows.map((_, i) => {
    const scores = { preMjoa: pre?.[i]?.total ?? null, postMjoa: post?.[i]?.total ?? null };
    if (scored) return { ...scores, ...fromScores(pre[i] ?? null, post[i] ?? null) };
    const rate = rates?.[i] ?? null;
    const stated = goods?.[i] ?? null;
    const good = rate !== null ? rate >= GOOD_RECOVERY_PERCENT : stated === null ? null : stated === 1;
    return { ...scores, recoveryRatePercent: rate, good };
  });
  if (scored && rates) checkRates(columns, rates, outcomes, version);
  if (!scored && rates) refuseFractions(columns, rates);
  if (goods) checkGoods(columns, goods, outcomes);
  const unused = outcomes.filter(
    ({ good }, i) => good === null && ((rates?.[i] ?? null) !== null || (goods?.[i] ?? null) !== null),
  );
  if (unused.length > 0)
    remark(
      `${String(unused.length)} rows state an outcome although their recovery rate is not defined (a total is missing, or no points were lost before surgery); they have no outcome here`,
    );
  return outcomes;
}

function fromScores(
  pre: MjoaScore | null,
  post: MjoaScore | null,
): Pick<Outcome, 'recoveryRatePercent' | 'good'> {
  const rate = pre && post ? recoveryRate(pre, post) : null;
  if (rate?.kind !== 'rate') return { recoveryRatePercent: null, good: null };
  return { recoveryRatePercent: rate.percent, good: rate.recovered };
}

/** Stated rates must follow from the totals; those that follow on another scale betray another version. */
function checkRates(
  columns: ColumnReader,
  rates: readonly (number | null)[],
  outcomes: readonly Outcome[],
  version: MjoaVersion,
): void {
  const { maximum } = MJOA_SCALES[version];
  const other = maximum === 18 ? 17 : 18;
  outcomes.forEach(({ preMjoa, postMjoa, recoveryRatePercent }, i) => {
    const stated = rates[i] ?? null;
    if (stated === null || recoveryRatePercent === null || preMjoa === null || postMjoa === null) return;
    const agrees = (rate: number) => Math.abs(stated - rate) <= ROUNDING_PERCENT;
    if (agrees(recoveryRatePercent)) return;
    const onOther = (100 * (postMjoa - preMjoa)) / (other - preMjoa);
    const why = agrees(onOther)
      ? `, which is right on a ${String(other)}-point scale`
      : agrees(recoveryRatePercent / 100) && Math.abs(recoveryRatePercent) > 1
        ? ', a fraction'
        : '';
    throw columns.refusal(
      `recovery rate ${String(stated)} %${why}; totals ${String(preMjoa)} and ${String(postMjoa)} of ${String(maximum)} give ${recoveryRatePercent.toFixed(1)} %`,
      columns.rowNumber(i),
      RECOVERY_RATE.names[0],
      agrees(onOther)
        ? 'never mix versions of mJOA; say which it is with --mjoa, or remove rows of the other one'
        : 'correct the row, or remove the column: the rate is computed from the totals',
    );
  });
}

function refuseFractions(columns: ColumnReader, rates: readonly (number | null)[]): void {
  const known = rates.filter((rate) => rate !== null);
  if (known.length >= 3 && known.every((rate) => rate <= 1) && known.some((rate) => rate > 0 && rate < 1))
    throw columns.refusal(
      'no recovery rate is above 1: these look like fractions',
      columns.rowNumber(0),
      RECOVERY_RATE.names[0],
      'give per cent such as 66.7 in every row',
    );
}

function checkGoods(
  columns: ColumnReader,
  goods: readonly (number | null)[],
  outcomes: readonly Outcome[],
): void {
  outcomes.forEach(({ good, recoveryRatePercent }, i) => {
    const stated = goods[i] ?? null;
    if (stated === null || good === null || recoveryRatePercent === null || (stated === 1) === good) return;
    throw columns.refusal(
      `good_recovery ${String(stated)}, but the recovery rate is ${recoveryRatePercent.toFixed(1)} %`,
      columns.rowNumber(i),
      GOOD_RECOVERY.names[0],
      'a recovery rate of at least 50 % counts as good; correct the row, or remove the column',
    );
  });
}
