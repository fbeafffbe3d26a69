import { parsePart10, studyContextFrom, writeMjoaReport, type DicomJsonDataset } from '@myelon/dicom';
import { EMPTY_CLINICAL_FORM, mjoaFromTotal, type MjoaVersion } from '@myelon/prognosis';
import type { AnalysisRecord } from '../analysis-record';
import { buildReport } from '../report/build-report';
import { newIdentity } from '../report/outgoing';
import { sourceSeries, type ReportSource } from '../report/report-source';
import { AnalysisSession } from '../session/analysis-session';
import { sampleIvimVolume, sampleMask, sampleTensorVolume } from '../session/sample-inputs';
import { collectCohort } from './collect-cohort';
import type { CohortSource } from './find-reports';

jest.setTimeout(60_000);

const device = {
  manufacturer: 'Myelon',
  modelName: 'test',
  serialNumber: '1',
  softwareVersion: '0.1.0',
  deviceUID: '2.25.99',
};

function sourceOf(volume: ReturnType<typeof sampleTensorVolume>, series: string): ReportSource {
  const count = volume.gradients.count * volume.grid.slices;
  const instance: DicomJsonDataset = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] },
    '0020000D': { vr: 'UI', Value: ['2.25.7'] },
  };
  const sources = Array.from({ length: count }, (_, i) => ({
    sopInstanceUID: `${series}.${String(i + 1)}`,
    frame: 1,
  }));
  return { volume: { ...volume, sources }, seriesInstanceUID: series, instances: [instance] };
}

const dti = sourceOf(sampleTensorVolume(), '2.25.71');
const ivim = sourceOf(sampleIvimVolume(), '2.25.72');
let record: AnalysisRecord;

beforeAll(async () => {
  const session = new AnalysisSession();
  const origin = (series: string) => ({
    source: {
      kind: 'dicom' as const,
      studyInstanceUID: '2.25.7',
      seriesInstanceUIDs: [series],
      instances: 1,
    },
    leftOut: [],
    warnings: [],
  });
  session.addVolume('dti', sampleTensorVolume(), origin('2.25.71'));
  session.addVolume('ivim', sampleIvimVolume(), origin('2.25.72'));
  session.setMask(sampleMask());
  await session.fit({ tensorKey: 'dti', ivimKey: 'ivim' });
  record = session.analyse({ compressionSlices: [1] });
}, 60_000);

/** A stored report of the cord whose compression has this FA. */
function cordReport(fa: number): DicomJsonDataset {
  const regions = record.regions.map((region) => ({
    ...region,
    statistics: region.statistics.map((one) =>
      one.quantity === 'fa' && 'mean' in one
        ? { ...one, mean: region.kind === 'compression' ? fa : 0.9 }
        : one,
    ),
  }));
  const built = buildReport({ ...record, regions }, { mask: sampleMask(), sources: [dti, ivim], device });
  return parsePart10(built.report.bytes).dataset;
}

function mjoaReport(
  pre: number | null,
  post: number | null,
  version: MjoaVersion = 'mjoa-18',
): DicomJsonDataset {
  const at = (total: number | null) =>
    total === null ? null : { score: mjoaFromTotal(version, total), date: null };
  const bytes = writeMjoaReport({
    context: studyContextFrom(dti.instances[0] ?? {}),
    device,
    createdAt: new Date('2026-03-01T10:00:00Z'),
    identity: newIdentity(900, 'mJOA'),
    state: { kind: 'draft', complete: true },
    sources: [sourceSeries(dti)],
    clinical: { ...EMPTY_CLINICAL_FORM, pre: at(pre), post: at(post), predictors: { age: 61 } },
    trackingUIDs: { before: '2.25.11', after: '2.25.12', recovery: '2.25.13', history: '2.25.14' },
  });
  return parsePart10(bytes).dataset;
}

interface Stored {
  readonly patient: string;
  readonly date: string;
  readonly reports: readonly DicomJsonDataset[];
}

/** An archive that answers as DICOMweb does, in pages. */
function archive(name: string, studies: readonly Stored[]): CohortSource {
  const uid = (i: number) => `2.25.${name.length.toString()}00${String(i)}`;
  const numbered = studies.map((study, i) => ({ ...study, uid: uid(i) }));
  return {
    name,
    client: {
      searchStudies: ({ limit = 1, offset = 0 } = {}) =>
        Promise.resolve(
          numbered
            .slice(Number(offset), Number(offset) + Number(limit))
            .map(({ patient, date, uid: study }) => ({
              '00100020': { vr: 'LO', Value: [patient] },
              '00080020': { vr: 'DA', Value: [date] },
              '0020000D': { vr: 'UI', Value: [study] },
            })),
        ),
      searchSeries: (study) =>
        Promise.resolve([
          { '00080060': { vr: 'CS', Value: ['MR'] }, '0020000E': { vr: 'UI', Value: [`${study}.1`] } },
          { '00080060': { vr: 'CS', Value: ['SR'] }, '0020000E': { vr: 'UI', Value: [`${study}.2`] } },
        ]),
      seriesMetadata: (study, series) =>
        Promise.resolve(
          series.endsWith('.2') ? [...(numbered.find((one) => one.uid === study)?.reports ?? [])] : [],
        ),
    },
  };
}

const { signal } = new AbortController();

describe('a cohort collected from archives', () => {
  it('joins reports and mJOA per patient, across studies, and takes the first analysed study', async () => {
    const north = archive('north', [
      { patient: 'A', date: '20260301', reports: [cordReport(0.52)] },
      { patient: 'A', date: '20250301', reports: [cordReport(0.45), mjoaReport(10, null)] },
      { patient: 'A', date: '20260601', reports: [mjoaReport(null, 15)] },
      { patient: 'B', date: '20250401', reports: [cordReport(0.31)] },
      { patient: 'C', date: '20250501', reports: [mjoaReport(9, 12)] },
    ]);
    const { cohort } = await collectCohort([north], { signal });
    expect(cohort.mjoaVersion).toBe('mjoa-18');
    expect(cohort.patients.map(({ id }) => id)).toEqual(['A', 'B', 'C']);
    const [a, b, c] = cohort.patients;
    expect(a).toMatchObject({
      preMjoa: 10,
      postMjoa: 15,
      good: true,
      recoveryRatePercent: 62.5,
      ageYears: 61,
    });
    expect(a?.fa).toBeCloseTo(0.45, 6);
    expect(a?.ivimFPercent).toBeGreaterThan(1);
    expect(b).toMatchObject({ preMjoa: null, good: null });
    expect(c).toMatchObject({ fa: null, good: false });
    expect(cohort.remarks.join(' ')).toMatch(/1 patients have several analysed studies/);
  });

  it('keeps patients of several archives apart, and says so', async () => {
    const studies = [{ patient: 'A', date: '20250301', reports: [cordReport(0.4), mjoaReport(10, 15)] }];
    const found = await collectCohort([archive('north', studies), archive('southern', studies)], { signal });
    expect(found.cohort.patients.map(({ id }) => id)).toEqual(['north: A', 'southern: A']);
    expect(found.cohort.remarks.join(' ')).toMatch(/2 sources are pooled/);
  });

  it('never mixes versions of mJOA', async () => {
    const mixed = archive('north', [
      { patient: 'A', date: '20250301', reports: [cordReport(0.4), mjoaReport(10, 15)] },
      { patient: 'B', date: '20250301', reports: [cordReport(0.4), mjoaReport(10, 15, 'mjoa-17')] },
    ]);
    await expect(collectCohort([mixed], { signal })).rejects.toThrow(/mixed: mjoa-18 and mjoa-17/);
    const { cohort } = await collectCohort([mixed], { signal, mjoaVersion: 'mjoa-17' });
    expect(cohort.patients.map(({ good }) => good)).toEqual([null, true]);
  });

  it('refuses archives without any such report, and stops when asked to', async () => {
    await expect(collectCohort([archive('north', [])], { signal })).rejects.toThrow(/no Myelon report/);
    const stop = new AbortController();
    stop.abort();
    const one = archive('north', [{ patient: 'A', date: '20250301', reports: [cordReport(0.4)] }]);
    await expect(collectCohort([one], { signal: stop.signal })).rejects.toThrow(/abort/i);
  });
});
