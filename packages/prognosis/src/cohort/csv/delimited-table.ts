import { InputRefused } from '@myelon/diffusion';
import Papa from 'papaparse';

/** Text cut into cells. Rows count as in a spreadsheet: the header is row 1. */
export interface DelimitedTable {
  readonly where: string;
  readonly header: readonly string[];
  readonly rows: readonly { readonly number: number; readonly cells: readonly string[] }[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Reads CSV as spreadsheets write it: comma, semicolon, tab or bar; quotes; byte order mark; Excel's first line "sep=;".
 * Empty rows are left out.
 * @throws InputRefused when it is no table: no header, rows longer than the header, broken quotes
 */
export function readDelimited(text: string, where: string): DelimitedTable {
  const hint = /^\uFEFF?"?sep=(.)"?[ \t]*\r?\n/i.exec(text);
  const body = text.replace(/^\uFEFF/, '').slice(hint ? hint[0].replace(/^\uFEFF/, '').length : 0);
  const firstLine = /^[^\r\n]*/.exec(body)?.[0] ?? '';
  if (firstLine.trim() === '')
    throw new InputRefused('no header', where, 'let the first line name the columns');
  const delimiter = hint?.[1] ?? delimiterOf(firstLine);
  const { data, errors } = Papa.parse<string[]>(body, { delimiter, header: false, skipEmptyLines: false });
  const [broken] = errors.filter(({ type }) => type === 'Quotes');
  if (broken)
    throw new InputRefused(
      `broken quotes: ${broken.message}`,
      `${where}, row ${rowName(broken.row)}`,
      'save the file again as CSV',
    );
  const [header = [], ...rest] = data.map((cells) => cells.map((cell) => cell.trim()));
  const rows = rest
    .map((cells, i) => ({ number: i + (hint ? 3 : 2), cells }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  for (const { number, cells } of rows) {
    if (cells.slice(header.length).some((cell) => cell !== ''))
      throw new InputRefused(
        `${String(cells.length)} cells under ${String(header.length)} column names` +
          (delimiter === ',' ? ' (decimal commas in a file separated by commas?)' : ''),
        `${where}, row ${String(number)}`,
        delimiter === ','
          ? 'save it with decimal points, or separated by semicolons'
          : 'save the file again as CSV',
      );
  }
  return { where, header, rows };
}

function rowName(row: number | undefined): string {
  return row === undefined ? 'unknown' : String(row + 1);
}

/** The separator that cuts the header into most pieces. */
function delimiterOf(line: string): string {
  const pieces = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (pieces(one) > pieces(best) ? one : best));
}
