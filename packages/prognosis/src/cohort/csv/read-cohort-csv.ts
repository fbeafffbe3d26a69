import { InputRefused } from '@myelon/diffusion';
import type { MjoaVersion } from '../../mjoa';
import type { Cohort, CohortPatient } from '../data/cohort';
import {
  ADC,
  AGE,
  DURATION,
  F_FRACTION,
  FA,
  IVIM_D,
  IVIM_DSTAR,
  perfusionFraction,
  SMOKER,
  type FUnit,
  type NumberColumn,
} from './cohort-columns';
import { ColumnReader } from './column-reader';
import { readDelimited } from './delimited-table';
import { mjoaVersionOf } from './mjoa-columns';
import { isMissing } from './number-cells';
import { readOutcomes } from './outcomes';

export interface CohortCsvOptions {
  /** Name of the file, for messages. */
  readonly where: string;
  /** Version all patients were scored with, when the person says so. */
  readonly mjoaVersion?: MjoaVersion | undefined;
  /** Unit of f, when the person says so. */
  readonly fUnit?: FUnit | undefined;
}

/**
 * A cohort from CSV, one patient per row. Units are part of the column names (docs/cohort.md); nothing is guessed.
 * @throws InputRefused naming row and column, when a cell is not what its column says
 */
export function readCohortCsv(text: string, options: CohortCsvOptions): Cohort {
  const columns = new ColumnReader(readDelimited(text, options.where));
  const remarks: string[] = [];
  refuseOtherTables(columns);
  const mjoaVersion = mjoaVersionOf(columns, options.mjoaVersion ?? null);
  const outcomes = readOutcomes(columns, mjoaVersion, (words) => remarks.push(words));
  const ids = identifiers(columns);
  refusePooledFits(columns);
  const fa = columns.numbersOf(FA);
  const adc = columns.numbersOf(ADC);
  const d = columns.numbersOf(IVIM_D);
  const dStar = columns.numbersOf(IVIM_DSTAR);
  const f = perfusionFractions(columns, options.fUnit ?? null);
  const optional = (column: NumberColumn) => optionalNumbers(columns, column, remarks);
  const [age, months, smoker] = [optional(AGE), optional(DURATION), optional(SMOKER)];
  const scanners = columns.texts(['scanner_id', 'scanner']);
  const patients = outcomes.map((outcome, i): CohortPatient => ({
    id: ids[i] ?? '',
    ...outcome,
    fa: fa?.[i] ?? null,
    adc: adc?.[i] ?? null,
    ivimD: d?.[i] ?? null,
    ivimDstar: dStar?.[i] ?? null,
    ivimFPercent: f?.[i] ?? null,
    ageYears: age?.[i] ?? null,
    symptomMonths: months?.[i] ?? null,
    smoker: smoker?.[i] ?? null,
    scanner: scanners?.[i] ?? null,
  }));
  const different = new Set(
    patients.map(({ scanner }) => scanner).filter((name) => name !== null && name !== ''),
  );
  if (different.size > 1)
    remarks.push(
      `${String(different.size)} scanners are pooled (${[...different].slice(0, 5).join(', ')}): FA and f differ between scanners, analyse them one by one as well`,
    );
  return { patients, mjoaVersion, remarks };
}

function refuseOtherTables(columns: ColumnReader): void {
  const { where, header, rows } = columns.table;
  const outcome = [
    'pre_mjoa_total',
    'pre_mjoa',
    'pre_mjoa_ue',
    'recovery_rate_pct',
    'recovery_rate',
    'good_recovery',
  ];
  const marker = [FA, ADC, F_FRACTION, perfusionFraction(null)].flatMap(({ names }) => names);
  const missing = [
    ...(columns.has(...outcome)
      ? []
      : ['an outcome (pre_mjoa_total and post_mjoa_total, or recovery_rate_pct, or good_recovery)']),
    ...(columns.has(...marker) ? [] : ['a marker (fa, ivim_f_pct or adc_1e3_mm2_s)']),
  ];
  if (missing.length > 0)
    throw new InputRefused(
      `no column for ${missing.join(' nor for ')}; found: ${header.slice(0, 30).join(', ')}`,
      where,
      'name the columns as in docs/cohort.md',
    );
  if (rows.length === 0) throw new InputRefused('a header and no patient', where, 'give one row per patient');
}

/** @throws InputRefused when a patient is there twice */
function identifiers(columns: ColumnReader): string[] {
  const texts = columns.texts(['subject_id', 'patient_id', 'id']);
  if (!texts) return columns.table.rows.map(({ number }) => `row ${String(number)}`);
  const seen = new Map<string, number>();
  return texts.map((id, i) => {
    const row = columns.rowNumber(i);
    const earlier = seen.get(id);
    if (id !== '' && earlier !== undefined)
      throw columns.refusal(
        `patient ${id} is in row ${String(earlier)} already`,
        row,
        'subject_id',
        'keep one row per patient',
      );
    seen.set(id, row);
    return id === '' ? `row ${String(row)}` : id;
  });
}

/** f of different fits is not one marker. @throws InputRefused when a column says there are several */
function refusePooledFits(columns: ColumnReader): void {
  for (const name of ['ivim_fit', 'ivim_method', 'tensor_fit', 'tensor_method']) {
    const methods = new Set((columns.texts([name]) ?? []).filter((text) => !isMissing(text)));
    if (methods.size > 1)
      throw new InputRefused(
        `values of different fits are mixed: ${[...methods].slice(0, 4).join(', ')}`,
        `${columns.table.where}, column ${name}`,
        'analyse each fit on its own: the same voxels give several times the f by one fit than by another',
      );
  }
}

function perfusionFractions(columns: ColumnReader, unit: FUnit | null): (number | null)[] | null {
  const fractions = columns.numbersOf(F_FRACTION);
  const asPercent = (values: readonly (number | null)[]) =>
    values.map((value) => (value === null ? null : value * 100));
  const found = columns.numbersOf(perfusionFraction(unit));
  if (fractions && found)
    throw new InputRefused(
      'f is there twice, as a fraction and in per cent',
      columns.table.where,
      'keep one of the columns',
    );
  if (fractions) return asPercent(fractions);
  return found && unit === 'fraction' ? asPercent(found) : found;
}

/** A column no main figure rests on: what cannot be read is left out, and said. */
function optionalNumbers(
  columns: ColumnReader,
  column: NumberColumn,
  remarks: string[],
): (number | null)[] | null {
  try {
    return columns.numbersOf(column);
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    remarks.push(`column ${column.names[0]} is not used: ${error.what}`);
    return null;
  }
}
