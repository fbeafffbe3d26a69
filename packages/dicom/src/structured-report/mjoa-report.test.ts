import { EMPTY_CLINICAL_FORM, mjoaFromItems, mjoaFromTotal, type ClinicalForm } from '@myelon/prognosis';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { MYELON_CODES } from '../codes/myelon-scheme';
import { parsePart10 } from '../dataset/part10';
import { codeValueOf, firstNamed, measuredValue, named } from './content-tree';
import { isMyelonReport, readMeasurementReport } from './read-measurement-report';
import { isMjoaReport, readMjoaReport } from './read-mjoa-report';
import { SAMPLE_REPORT } from './sample-report';
import { writeMeasurementReport } from './write-measurement-report';
import { writeMjoaReport, type MjoaReportContent } from './write-mjoa-report';

const { context, device, createdAt, sources, identity } = SAMPLE_REPORT;
const content = (clinical: ClinicalForm, changes: Partial<MjoaReportContent> = {}): MjoaReportContent => ({
  context,
  device,
  createdAt,
  sources,
  identity,
  state: { kind: 'draft', complete: true },
  clinical,
  trackingUIDs: { before: '2.25.11', after: '2.25.12', recovery: '2.25.13', history: '2.25.14' },
  ...changes,
});
const written = (clinical: ClinicalForm, changes: Partial<MjoaReportContent> = {}) =>
  parsePart10(writeMjoaReport(content(clinical, changes))).dataset;

const items = { 'motor-upper': 3, 'motor-lower': 4, 'sensation-upper': 2, sphincter: 2 };
const both: ClinicalForm = {
  pre: { score: mjoaFromItems('mjoa-18', items), date: '2026-01-30' },
  post: { score: mjoaFromTotal('mjoa-18', 15), date: null },
  nurickPre: 3,
  nurickPost: null,
  predictors: { age: 61, duration: 7.5, smoking: 1, gait: 0 },
};

/** Groups of the tree by their tracking identifier. */
function group(dataset: DicomJsonDataset, name: string): DicomJsonDataset {
  const code = (value: string, scheme = 'DCM') => ({ value, scheme, meaning: '' });
  const [measurements] = named(dataset, code('126010'));
  return named(measurements!, code('125007')).find((one) => {
    const identifier = firstNamed(one, code('112039'));
    return JSON.stringify(identifier).includes(name);
  })!;
}

describe('the report of the clinical assessment', () => {
  it.each<[string, ClinicalForm]>([
    ['before and after, items and totals, Nurick and history', both],
    ['17 points', { ...EMPTY_CLINICAL_FORM, pre: { score: mjoaFromTotal('mjoa-17', 12), date: null } }],
    [
      'six items of the JOA',
      {
        ...EMPTY_CLINICAL_FORM,
        post: {
          date: '2026-05-01',
          score: mjoaFromItems('joa-17', {
            'motor-upper': 3,
            'motor-lower': 2,
            'sensation-upper': 1,
            'sensation-lower': 2,
            'sensation-trunk': 1,
            sphincter: 3,
          }),
        },
      },
    ],
    ['a Nurick grade alone', { ...EMPTY_CLINICAL_FORM, nurickPost: 0 }],
    ['history alone', { ...EMPTY_CLINICAL_FORM, predictors: { comorbidity: 1, psychological: 0 } }],
  ])('gives back %s', (_, clinical) => {
    const dataset = written(clinical);
    expect(readMjoaReport(dataset).clinical).toEqual(clinical);
    expect([isMjoaReport(dataset), isMyelonReport(dataset)]).toEqual([true, false]);
  });

  it('states severity, recovery rate and change as numbers and codes that others can read', () => {
    const dataset = written(both);
    const before = group(dataset, 'before surgery');
    // 11 of 18 points before, 15 after: 4 of 7 lost points came back.
    expect(codeValueOf(firstNamed(before, MYELON_CODES.mjoaSeverity))?.meaning).toBe('Severe');
    const recovery = group(dataset, 'Recovery');
    expect(measuredValue(firstNamed(recovery, MYELON_CODES.recoveryRate))?.value).toBeCloseTo(400 / 7, 10);
    expect(measuredValue(firstNamed(recovery, MYELON_CODES.mjoaChange))?.value).toBe(4);
    expect(codeValueOf(firstNamed(recovery, MYELON_CODES.halfRegained))?.meaning).toBe('Yes');
  });

  it('gives no severity of 17 points, and no recovery rate when nothing was lost', () => {
    const seventeen = { score: mjoaFromTotal('mjoa-17', 12), date: null };
    const dataset = written({ ...EMPTY_CLINICAL_FORM, pre: seventeen });
    expect(firstNamed(group(dataset, 'before surgery'), MYELON_CODES.mjoaSeverity)).toBeUndefined();
    const full = { score: mjoaFromTotal('mjoa-18', 18), date: null };
    const recovery = group(written({ ...EMPTY_CLINICAL_FORM, pre: full, post: full }), 'Recovery');
    const rate = firstNamed(recovery, MYELON_CODES.recoveryRate)!;
    expect(measuredValue(rate)).toBeNull();
    expect(codeValueOf(rate)?.meaning).toBe('Calculation failure');
  });

  it('never mixes versions, and says nothing when nothing was entered', () => {
    const mixed: ClinicalForm = { ...both, post: { score: mjoaFromTotal('mjoa-17', 15), date: null } };
    expect(() => written(mixed)).toThrow(/do not compare/);
    expect(() => written(EMPTY_CLINICAL_FORM)).toThrow(/nothing was entered/);
  });

  it('refuses points that do not add up to the total', () => {
    const text = JSON.stringify(written(both)).replace('"Value":[11]', '"Value":[12]');
    expect(() => readMjoaReport(JSON.parse(text) as DicomJsonDataset)).toThrow(/the items give 11/);
  });

  it('is told apart from measurements of the cord', () => {
    const cord = parsePart10(writeMeasurementReport(SAMPLE_REPORT)).dataset;
    expect([isMjoaReport(cord), isMyelonReport(cord), isMjoaReport({})]).toEqual([false, true, false]);
    expect(() => readMjoaReport(cord)).toThrow(/not a clinical assessment/);
    expect(() => readMeasurementReport(written(both))).toThrow(/it holds the mJOA/);
  });

  it('can be verified and amended like any report', () => {
    const verified = readMjoaReport(
      written(both, {
        state: {
          kind: 'verified',
          by: 'Reader^Ann',
          organization: 'Hospital',
          at: new Date('2026-02-01T01:00:00Z'),
          predecessor: { sopInstanceUID: '2.25.71', seriesInstanceUID: '2.25.72' },
        },
      }),
    );
    expect(verified.state).toMatchObject({ verified: true, verifiedBy: 'Reader^Ann' });
    expect(verified.predecessor).toEqual({ sopInstanceUID: '2.25.71' });
  });
});
