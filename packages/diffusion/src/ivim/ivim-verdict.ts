import { countDirections } from '../data/gradient-description';
import { B0_LIMIT_S_PER_MM2, type GradientTable } from '../data/gradient-table';
import type { Verdict } from '../data/verdict';
import { wrongUnit } from '../tensor/tensor-volumes';

/** Signal from this b-value on, in s/mm2, is taken as free of perfusion. */
export const DEFAULT_SPLIT_B_VALUE = 200;

/** Perfusion shows up to about this b-value, in s/mm2. */
const LOW_B = 100;

const MINIMUM_B_VALUES = 4;

/** b-values that determine f in practice: 8 in all, 3 at or below 100, the highest 600 or more. */
const ADVISED = { bValues: 8, low: 3, highest: 600 } as const;

/**
 * Whether IVIM can be fitted to a series with this table.
 *
 * @param splitBValue b-value from which the signal is taken as free of perfusion, s/mm2
 */
export function ivimVerdict(table: GradientTable, splitBValue = DEFAULT_SPLIT_B_VALUE): Verdict {
  const unit = wrongUnit(table);
  if (unit) return unit;
  const bValues = table.shells().map((shell) => shell.bValue);
  const split = String(splitBValue);
  const whatToDo = 'choose the IVIM series: 4 b-values or more, some below 100 and two from 200 s/mm2 up';
  if (bValues.length < MINIMUM_B_VALUES) {
    return {
      possible: false,
      why: `${String(bValues.length)} different b-value${bValues.length === 1 ? '' : 's'}, IVIM needs at least 4`,
      whatToDo,
    };
  }
  const high = bValues.filter((b) => b >= splitBValue);
  if (high.length < 2) {
    return { possible: false, why: `fewer than 2 b-values from b ${split} s/mm2 up, D needs 2`, whatToDo };
  }
  const low = bValues.filter((b) => b < splitBValue);
  if (low.length < 2) {
    return { possible: false, why: `fewer than 2 b-values below b ${split} s/mm2, f needs 2`, whatToDo };
  }
  return { possible: true, warnings: ivimWarnings(table, bValues) };
}

function ivimWarnings(table: GradientTable, bValues: readonly number[]): string[] {
  const warnings: string[] = [];
  const lowest = bValues[0] ?? 0;
  const low = bValues.filter((b) => b <= LOW_B).length;
  const highest = bValues.at(-1) ?? 0;
  if (lowest > 1) {
    warnings.push(`no b0 volume: the signal at b 0 is extrapolated from b ${String(lowest)} s/mm2 up`);
  }
  if (bValues.length < ADVISED.bValues) {
    warnings.push(`${String(bValues.length)} b-values: 8 are advised for f and D*`);
  }
  if (low < ADVISED.low) warnings.push(`${String(low)} b-values up to 100 s/mm2: 3 are advised for f and D*`);
  if (highest < ADVISED.highest) {
    warnings.push(`highest b-value ${String(Math.round(highest))} s/mm2: 600 or more is advised for D`);
  }
  const direction = directionWarning(table);
  if (direction) warnings.push(direction);
  return warnings;
}

function directionWarning(table: GradientTable): string | null {
  const weighted = table.shells().filter((shell) => shell.bValue > B0_LIMIT_S_PER_MM2);
  const counts = weighted.map((shell) => countDirections(table, shell.volumes));
  const most = Math.max(...counts);
  if (counts.some((count) => count !== most)) {
    return 'b-values differ in their number of directions: f and D mix directions';
  }
  return most === 1
    ? 'one direction: D and f hold for this direction only; along the cord f is not determined'
    : null;
}
