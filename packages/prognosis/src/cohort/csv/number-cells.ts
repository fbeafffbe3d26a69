import { InputRefused } from '@myelon/diffusion';

const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', 'missing', '.', '-', '–', '?']);
const POINT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?$/i;
const DATE =
  /^\d{1,4}[./-]\d{1,2}[./-](\d{1,4})?( |$)|\d\s*[-. ]\s*(jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])|^(jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*[-. ]*\d|^\d{1,2}:\d{2}/i;

/** A cell and where it is. */
export interface PlacedCell {
  readonly row: number;
  readonly column: string;
  readonly text: string;
}

export function isMissing(text: string): boolean {
  return MISSING.has(text.toLowerCase());
}

/** Reads numbers of one file, which may have decimal points or decimal commas but not both. */
export class NumberReader {
  private point: PlacedCell | null = null;
  private comma: PlacedCell | null = null;

  constructor(private readonly where: string) {}

  /**
   * @returns null for an empty cell and the usual words for "missing"
   * @throws InputRefused for anything else that is not a number: dates, formulas, errors of a spreadsheet, text
   */
  read(cell: PlacedCell): number | null {
    const text = cell.text.replace(/\s*%$/, '').trim();
    if (isMissing(text)) return null;
    if (COMMA.test(text)) {
      this.comma ??= cell;
      this.refuseMixedDecimals();
      return Number(text.replace(',', '.'));
    }
    if (!POINT.test(text)) throw this.refusal(cell);
    if (text.includes('.')) {
      this.point ??= cell;
      this.refuseMixedDecimals();
    }
    return Number(text);
  }

  private refuseMixedDecimals(): void {
    if (!this.point || !this.comma) return;
    const named = ({ text, row, column }: PlacedCell) => `"${text}" (row ${String(row)}, ${column})`;
    throw new InputRefused(
      `decimal points and decimal commas: ${named(this.point)} and ${named(this.comma)}`,
      this.where,
      'a thousands separator, or two sources pasted together; use one decimal sign',
    );
  }

  private refusal({ text, row, column }: PlacedCell): InputRefused {
    const place = `${this.where}, row ${String(row)}, column ${column}`;
    if (text.startsWith('='))
      return new InputRefused(`"${text}" is a formula`, place, 'save values, not formulas');
    if (text.startsWith('#'))
      return new InputRefused(
        `"${text}" is an error of the spreadsheet`,
        place,
        'correct the formula, or leave the cell empty',
      );
    if (DATE.test(text))
      return new InputRefused(
        `"${text}" is a date, not a number`,
        place,
        'the spreadsheet has turned the number into a date; format the column as text and enter it again',
      );
    return new InputRefused(
      `"${text}" is not a number`,
      place,
      'enter a number, or leave the cell empty if the value is missing',
    );
  }
}
