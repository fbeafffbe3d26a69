import type { Cohort, CohortPatient } from './cohort';

/** Columns as the printed analysis names them. */
const READERS = {
  rr: (p: CohortPatient) => p.recoveryRatePercent,
  good: (p: CohortPatient) => (p.good === null ? null : Number(p.good)),
  pre_mjoa_total: (p: CohortPatient) => p.preMjoa,
  post_mjoa_total: (p: CohortPatient) => p.postMjoa,
  fa: (p: CohortPatient) => p.fa,
  adc: (p: CohortPatient) => p.adc,
  D: (p: CohortPatient) => p.ivimD,
  Ds: (p: CohortPatient) => p.ivimDstar,
  f: (p: CohortPatient) => p.ivimFPercent,
  age: (p: CohortPatient) => p.ageYears ?? null,
  duration: (p: CohortPatient) => p.symptomMonths ?? null,
  smoker: (p: CohortPatient) => p.smoker ?? null,
} as const;
export type ColumnName = keyof typeof READERS;

/** Values of patients who have all of the columns asked for. */
export interface CompleteCases<Name extends ColumnName> {
  /** Positions of the patients in the cohort. */
  readonly rows: Uint32Array;
  readonly values: Readonly<Record<Name, Float64Array>>;
}

/** A cohort column by column; NaN where a value is missing. */
export class CohortTable {
  readonly size: number;
  private readonly columns = new Map<ColumnName, Float64Array>();
  /** By the names asked for: most are asked for several times. */
  private readonly found = new Map<string, CompleteCases<ColumnName>>();

  constructor(readonly cohort: Cohort) {
    this.size = cohort.patients.length;
    for (const name of Object.keys(READERS) as ColumnName[])
      this.columns.set(
        name,
        Float64Array.from(cohort.patients, (p) => READERS[name](p) ?? NaN),
      );
  }

  column(name: ColumnName): Float64Array {
    return this.columns.get(name) ?? new Float64Array(this.size).fill(NaN);
  }

  /** How many patients have no value. */
  missing(name: ColumnName): number {
    return this.column(name).reduce((n, value) => n + Number(Number.isNaN(value)), 0);
  }

  /** Patients with all these values: every analysis uses the complete cases of the columns it needs. */
  complete<Name extends ColumnName>(...names: readonly Name[]): CompleteCases<Name> {
    const key = names.join(' ');
    const known = this.found.get(key);
    if (known) return known as CompleteCases<Name>;
    const columns = names.map((name) => this.column(name));
    const rows = Uint32Array.from({ length: this.size }, (_, i) => i).filter((row) =>
      columns.every((column) => !Number.isNaN(column[row])),
    );
    const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row] ?? NaN);
    const values = Object.fromEntries(names.map((name) => [name, pick(this.column(name))]));
    const cases = { rows, values: values as Record<Name, Float64Array> };
    this.found.set(key, cases as unknown as CompleteCases<ColumnName>);
    return cases;
  }

  /** Values present, of patients with an outcome or of those with a given one. */
  present(name: ColumnName, good?: 0 | 1): Float64Array {
    if (good === undefined) return this.column(name).filter((value) => !Number.isNaN(value));
    const outcome = this.column('good');
    return this.column(name).filter((value, i) => outcome[i] === good && !Number.isNaN(value));
  }
}
