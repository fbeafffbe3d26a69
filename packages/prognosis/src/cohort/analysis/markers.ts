import type { ColumnName } from '../data/cohort-table';
import type { MarkerDirection } from '../roc/roc-curve';

/** A marker, its column, and the side of it that speaks for recovery: fixed beforehand. */
export interface Marker {
  readonly key: string;
  readonly column: ColumnName;
  readonly label: string;
  readonly unit: string;
  readonly direction: MarkerDirection;
}

export const MARKERS: readonly Marker[] = [
  { key: 'fa', column: 'fa', label: 'FA', unit: '', direction: 'higher is good' },
  { key: 'adc', column: 'adc', label: 'ADC', unit: '10^-3 mm2/s', direction: 'lower is good' },
  { key: 'f', column: 'f', label: 'f', unit: '%', direction: 'higher is good' },
  { key: 'D', column: 'D', label: 'D', unit: '10^-3 mm2/s', direction: 'lower is good' },
  { key: 'Ds', column: 'Ds', label: 'D*', unit: '10^-3 mm2/s', direction: 'higher is good' },
];

/** Columns described in the first table. */
export const DESCRIBED: readonly ColumnName[] = [
  'fa',
  'adc',
  'D',
  'Ds',
  'f',
  'pre_mjoa_total',
  'post_mjoa_total',
  'rr',
];
