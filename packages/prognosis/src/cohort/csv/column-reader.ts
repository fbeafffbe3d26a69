import { InputRefused } from '@myelon/diffusion';
import type { NumberColumn } from './cohort-columns';
import type { DelimitedTable } from './delimited-table';
import { NumberReader } from './number-cells';

/** Columns of a table by name, whatever their order and case. */
export class ColumnReader {
  private readonly positions = new Map<string, number>();
  private readonly numbers: NumberReader;

  /** @throws InputRefused when two columns have the same name */
  constructor(readonly table: DelimitedTable) {
    this.numbers = new NumberReader(table.where);
    table.header.forEach((name, position) => {
      const key = normalised(name);
      if (key === '') return;
      if (this.positions.has(key))
        throw new InputRefused(`two columns are named ${name}`, table.where, 'rename or remove one');
      this.positions.set(key, position);
    });
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.positions.has(name));
  }

  /** Cells of the first of these columns there is, trimmed; null when there is none. */
  texts(names: readonly string[]): string[] | null {
    const name = names.find((one) => this.positions.has(one));
    const position = name === undefined ? undefined : this.positions.get(name);
    return position === undefined ? null : this.table.rows.map(({ cells }) => cells[position] ?? '');
  }

  /**
   * Numbers of a column; null for missing cells, and for the whole when there is no such column.
   * @throws InputRefused naming the first cell that cannot be right, and how many more there are
   */
  numbersOf({ names, problem }: NumberColumn): (number | null)[] | null {
    const texts = this.texts(names);
    const name = names.find((one) => this.positions.has(one)) ?? names[0];
    if (!texts) return null;
    const values = texts.map((text, i) => this.numbers.read({ text, row: this.rowNumber(i), column: name }));
    const problems = values.flatMap((value, i) => {
      const found = value === null ? null : problem(value);
      return found ? [{ ...found, row: this.rowNumber(i) }] : [];
    });
    const [first] = problems;
    if (!first) return values;
    const more = problems.length > 1 ? `, and so in ${String(problems.length - 1)} more rows` : '';
    throw this.refusal(first.what + more, first.row, name, first.whatToDo);
  }

  rowNumber(index: number): number {
    return this.table.rows[index]?.number ?? 0;
  }

  refusal(what: string, row: number, column: string, whatToDo: string): InputRefused {
    return new InputRefused(what, `${this.table.where}, row ${String(row)}, column ${column}`, whatToDo);
  }
}

function normalised(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}
