import { metricsCsv } from './metrics-csv';
import { sampleRecord } from './sample-record';

/** An independent reader of RFC 4180, small and strict. */
function parse(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

function table(csv: string): Record<string, string>[] {
  const [header = [], ...rows] = parse(csv);
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
}

describe('metrics as CSV', () => {
  test('has units in the header, and values in those units without binary tails', () => {
    const [row] = table(metricsCsv(sampleRecord()));
    expect(row).toMatchObject({
      'fa n': '120',
      'fa mean (1)': '0.3',
      'md mean (10^-6 mm2/s)': '912',
      'volume (mm3)': '520.5',
      'slices (from 1)': '7 8',
    });
    expect(Object.keys(row ?? {})).toContain('ivim_f mean (%)');
  });

  test('counts voxels left out and at a bound', () => {
    const [row] = table(metricsCsv(sampleRecord()));
    expect(row).toMatchObject({ 'fa voxels left out': '3', 'fa voxels at bound': '4' });
  });

  test('a missing value is empty and carries its reason, never 0', () => {
    const [row] = table(metricsCsv(sampleRecord()));
    expect(row?.['ivim_f mean (%)']).toBe('');
    expect(row?.['ivim_f n']).toBe('');
    expect(row?.['ivim_f missing because']).toBe('no IVIM: 2 b-values, needs 4');
    expect(row?.['md sd (10^-6 mm2/s)']).toBe('');
  });

  test.each(['=HYPERLINK("http://x")', '+1', '-1+2', '@SUM(A1)', '\t=1'])(
    'text that a spreadsheet would run (%j) is neutralised',
    (name) => {
      const [region] = sampleRecord().regions;
      const [row] = table(metricsCsv(sampleRecord({ regions: [{ ...region!, name }] })));
      expect(row?.['region']).toBe(`'${name}`);
    },
  );

  test('every row has as many cells as the header, whatever a name holds', () => {
    const [region] = sampleRecord().regions;
    const names = ['a, b', 'say "C5"', 'plain'];
    const rows = parse(metricsCsv(sampleRecord({ regions: names.map((name) => ({ ...region!, name })) })));
    expect(new Set(rows.map((cells) => cells.length)).size).toBe(1);
    expect(rows.slice(1).map((cells) => cells[2])).toEqual(names);
  });
});
