import { InputRefused } from '@myelon/diffusion';
import { ColumnReader } from './column-reader';
import { ADC, FA, perfusionFraction, type NumberColumn } from './cohort-columns';
import { readDelimited } from './delimited-table';

/** Two scans of the same people, marker by marker; pairs with both values only. */
export interface RescanPairs {
  readonly key: 'fa' | 'adc' | 'f_pct';
  readonly label: string;
  readonly unit: string;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const RESCAN_MARKERS = [
  { key: 'fa', label: 'FA', unit: '', stem: 'fa', column: FA },
  { key: 'adc', label: 'ADC', unit: '10^-3 mm2/s', stem: 'adc_1e3', column: ADC },
  { key: 'f_pct', label: 'f', unit: '%', stem: 'f_pct', column: perfusionFraction(null) },
] as const;

/** Whether a file holds scans and rescans (columns `fa_1`, `fa_2` ...) rather than a cohort. */
export function isRescanCsv(text: string, where: string): boolean {
  const columns = new ColumnReader(readDelimited(text, where));
  return RESCAN_MARKERS.some(({ stem }) => columns.has(`${stem}_1`) && columns.has(`${stem}_2`));
}

/** @throws InputRefused when a cell is not what its column says */
export function readRescanCsv(text: string, where: string): RescanPairs[] {
  const columns = new ColumnReader(readDelimited(text, where));
  const scan = (stem: string, number: 1 | 2, { problem }: NumberColumn) =>
    columns.numbersOf({ names: [`${stem}_${String(number)}`], problem });
  const found = RESCAN_MARKERS.flatMap(({ key, label, unit, stem, column }) => {
    const [first, second] = [scan(stem, 1, column), scan(stem, 2, column)];
    if (!first || !second) return [];
    const pairs = first.flatMap((value, i) => {
      const other = second[i] ?? null;
      return value === null || other === null ? [] : [[value, other] as const];
    });
    return [
      {
        key,
        label,
        unit,
        first: Float64Array.from(pairs, ([value]) => value),
        second: Float64Array.from(pairs, ([, value]) => value),
      },
    ];
  });
  if (found.length === 0)
    throw new InputRefused(
      'no pair of columns such as fa_1 and fa_2',
      where,
      'name the columns as in docs/cohort.md',
    );
  return found;
}
