import { InputRefused } from '@myelon/diffusion';
import fc from 'fast-check';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { parsePart10 } from '../dataset/part10';
import type { MeasurementReportContent } from './content';
import { isMyelonReport, readMeasurementReport } from './read-measurement-report';
import { SAMPLE_REPORT } from './sample-report';
import { writeMeasurementReport } from './write-measurement-report';

const dataset = parsePart10(writeMeasurementReport(SAMPLE_REPORT)).dataset;
const write = (changes: Partial<MeasurementReportContent>) =>
  writeMeasurementReport({ ...SAMPLE_REPORT, ...changes });

describe('reading reports of others', () => {
  it.each<[string, DicomJsonDataset, RegExp]>([
    ['nothing', {}, /not a structured report/],
    ['an image', { '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] } }, /not a structured/],
    [
      'a report of another kind',
      {
        '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.33'] },
        '0040A043': {
          vr: 'SQ',
          Value: [
            {
              '00080100': { vr: 'SH', Value: ['113701'] },
              '00080102': { vr: 'SH', Value: ['DCM'] },
              '00080104': { vr: 'LO', Value: ['X-Ray Radiation Dose Report'] },
            },
          ],
        },
      },
      /titled "X-Ray Radiation Dose Report"/,
    ],
    ['a measurement report without content', { ...dataset, '0040A730': { vr: 'SQ' } }, /no measurements/],
  ])('%s is refused', (_, other, message) => {
    expect(() => readMeasurementReport(other)).toThrow(InputRefused);
    expect(() => readMeasurementReport(other)).toThrow(message);
    expect(isMyelonReport(other)).toBe(other['0040A730'] !== undefined);
  });

  it('never fails but by refusing, however the report is damaged', () => {
    const [first] = SAMPLE_REPORT.regions;
    const short = { ...first!, id: 'compression', quantities: first!.quantities.slice(3, 5) };
    const whole = parsePart10(write({ regions: [short] })).dataset;
    const paths = pathsOf(whole);
    const damage = fc.tuple(
      fc.nat({ max: paths.length - 1 }),
      fc.constantFrom<unknown>(undefined, null, [], [null], ['x'], [{}], 'x', 7, {}, [7], [[]]),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const broken = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
        for (const [index, value] of damages) setAt(broken, paths[index]!, value);
        try {
          readMeasurementReport(broken as unknown as DicomJsonDataset);
        } catch (problem) {
          expect(problem).toBeInstanceOf(InputRefused);
        }
        expect(typeof isMyelonReport(broken as unknown as DicomJsonDataset)).toBe('boolean');
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

/** Paths to every element and every value of a dataset, to damage them. */
function pathsOf(node: unknown, path: readonly string[] = []): string[][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [[...path, key], ...pathsOf(value, [...path, key])]);
}

function setAt(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (typeof node !== 'object' || node === null) return;
    node = (node as Record<string, unknown>)[key];
  }
  if (typeof node === 'object' && node !== null) (node as Record<string, unknown>)[path.at(-1)!] = value;
}
