import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePart10, QUANTITY_CODING, string, Tag } from '@myelon/dicom';
import { sampleObjects } from './report-objects-sample';

const file = resolve(__dirname, '../../docs/conformance.md');

/** A table as prettier sets it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function objectsTable(): string {
  const made = sampleObjects({ columns: 15, rows: 15, slices: 2, encoding: 'classic' });
  const kinds: readonly (readonly [string, Uint8Array])[] = [
    ['Segmentation (binary)', made.segmentation],
    ['Parametric Map', made.map],
    ['Comprehensive 3D SR', made.report],
    ['Encapsulated PDF', made.document],
    ['Key Object Selection', made.keyObject],
  ];
  const rows = kinds.map(([kind, bytes]) => {
    const { dataset, transferSyntax } = parsePart10(bytes);
    const text = (tag: string) => string(dataset, tag) ?? '';
    return [kind, text(Tag.SOPClassUID), text(Tag.Modality), transferSyntax.uid, text('00080005')];
  });
  return table(['object', 'SOP Class', 'Modality', 'Transfer Syntax', 'Character Set'], rows);
}

function quantitiesTable(): string {
  const rows = Object.values(QUANTITY_CODING).map(({ label, concept, unit }) => [
    label.replace('*', '\\*'),
    `(${concept.value}, ${concept.scheme}, "${concept.meaning}")`,
    unit.value,
  ]);
  return table(['quantity', 'code', 'unit (UCUM)'], rows);
}

describe('the conformance statement', () => {
  test.each([
    ['objects', objectsTable],
    ['quantities', quantitiesTable],
  ])('tells of the %s what the program writes (MYELON_UPDATE_DOCS=1 writes it anew)', (name, made) => {
    const between = new RegExp(`(<!-- ${name}: made from code -->\\n)([^]*)(<!-- end of ${name} -->)`);
    const text = readFileSync(file, 'utf8');
    const wanted = `\n${made()}\n\n`;
    if (process.env['MYELON_UPDATE_DOCS'] === '1')
      writeFileSync(
        file,
        text.replace(between, (_, start: string, __, end: string) => start + wanted + end),
      );
    expect(readFileSync(file, 'utf8').match(between)?.[2]).toBe(wanted);
  });
});
