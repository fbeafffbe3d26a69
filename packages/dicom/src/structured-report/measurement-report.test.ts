import { InputRefused } from '@myelon/diffusion';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { items, string } from '../dataset/access';
import { parsePart10 } from '../dataset/part10';
import type { MeasurementReportContent, QuantityStatistics } from './content';
import { children, conceptName, valueType } from './content-tree';
import { isMyelonReport, readMeasurementReport } from './read-measurement-report';
import { SAMPLE_REPORT } from './sample-report';
import { writeMeasurementReport } from './write-measurement-report';

const dataset = parsePart10(writeMeasurementReport(SAMPLE_REPORT)).dataset;
const report = readMeasurementReport(dataset);

const write = (changes: Partial<MeasurementReportContent>) =>
  writeMeasurementReport({ ...SAMPLE_REPORT, ...changes });
const reread = (changes: Partial<MeasurementReportContent>) =>
  readMeasurementReport(parsePart10(write(changes)).dataset);

/** Every content item of a tree, parents first. */
function everyItem(parent: DicomJsonDataset): DicomJsonDataset[] {
  return children(parent).flatMap((child) => [child, ...everyItem(child)]);
}

describe('a measurement report', () => {
  it('gives back every statistic in the stored unit', () => {
    for (const region of SAMPLE_REPORT.regions) {
      const read = report.regions.find(({ trackingUID }) => trackingUID === region.trackingUID)!;
      expect(read.name).toBe(region.trackingIdentifier);
      expect(read.segmentNumber).toBe(region.segmentNumber);
      expect(read.volumeMm3).toBe(region.volumeMm3);
      for (const [axis, value] of region.centroid.entries())
        expect(read.centroid![axis]).toBeCloseTo(value, 4);
      for (const entry of region.quantities) {
        const found = read.quantities.find(({ quantity }) => quantity === entry.quantity)!;
        if ('missing' in entry) {
          expect(found).toEqual({ quantity: entry.quantity, missing: entry.missing });
          continue;
        }
        expect(found).toMatchObject({ n: entry.n, atBound: entry.atBound, excluded: entry.excluded });
        const { statistics } = found as QuantityStatistics;
        for (const [name, value] of Object.entries(entry.statistics)) {
          const back = statistics[name as keyof typeof statistics]!;
          expect(Math.abs(back / value! - 1)).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('says how each quantity was computed', () => {
    const [fa, , , , , , , f] = report.regions[0]!.quantities;
    expect(fa).toMatchObject({
      model: 'Single diffusion tensor model',
      fitting: 'Weighted linear least squares fit',
      bValues: [0, 800],
      algorithm: { name: 'Myelon tensor fit', version: '0.1.0' },
      parameters: ['iterations: 2'],
    });
    expect(f).toMatchObject({ quantity: 'ivim_f', bValues: [0, 1.25, 10, 200, 400, 800] });
  });

  it('gives back the statement with its markers, and never without the limits of use', () => {
    const { warnings, regionId, ...statement } = SAMPLE_REPORT.prognosis as Extract<
      MeasurementReportContent['prognosis'],
      { kind: 'statement' }
    >;
    expect(report.prognosis).toMatchObject({
      ...statement,
      region: 'Compression',
      f: { ...statement.f, value: expect.closeTo(statement.f.value, 10) as number },
    });
    expect(regionId).toBe('compression');
    expect(report.warnings).toEqual([...warnings, '1 slice was left out']);
    for (const limit of statement.statements) expect(report.conclusions.join()).toContain(limit);
  });

  it('gives back why no statement was made', () => {
    const prognosis = {
      kind: 'abstained',
      modelId: 'fa-f-rule',
      modelVersion: '1',
      reasons: ['no IVIM series'],
      statements: ['Research use only.'],
    } as const;
    const read = reread({ prognosis });
    expect(read.prognosis).toEqual(prognosis);
    expect(read.conclusions[0]).toContain('no IVIM series');
  });

  it('is an unverified draft until a person confirms it', () => {
    expect(report.state).toEqual({ complete: true, preliminary: true, verified: false });
    expect(reread({ state: { kind: 'draft', complete: false } }).state.complete).toBe(false);
    const verified = reread({
      state: {
        kind: 'verified',
        by: 'Reader^Ann',
        organization: 'Hospital',
        at: new Date('2026-02-01T01:00:00Z'),
        predecessor: { sopInstanceUID: '2.25.71', seriesInstanceUID: '2.25.72' },
      },
    });
    expect(verified.state).toEqual({
      complete: true,
      preliminary: false,
      verified: true,
      verifiedBy: 'Reader^Ann',
    });
    expect(verified.predecessor).toEqual({ sopInstanceUID: '2.25.71' });
  });

  it('is verified only by a person with a name and an organization', () => {
    const verified = {
      kind: 'verified',
      at: new Date(),
      by: 'Reader^Ann',
      organization: 'Hospital',
    } as const;
    expect(() => write({ state: { ...verified, by: '^^' } })).toThrow(/nobody who is named/);
    expect(() => write({ state: { ...verified, organization: ' ' } })).toThrow(/nobody who is named/);
    expect(() => write({ state: { ...verified, by: { Ideographic: '\u5c71\u7530' } } })).not.toThrow();
  });

  it('amends a report as a draft again, under the class it has', () => {
    const state = {
      kind: 'draft',
      complete: true,
      predecessor: { sopInstanceUID: '2.25.71', seriesInstanceUID: '2.25.72' },
    } as const;
    const amended = parsePart10(write({ state, reportClass: 'enhanced' })).dataset;
    expect(readMeasurementReport(amended)).toMatchObject({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.88.22',
      predecessor: { sopInstanceUID: '2.25.71' },
      state: { verified: false, preliminary: true },
    });
    // Points in space are of Comprehensive 3D alone.
    expect(everyItem(amended).filter((content) => valueType(content) === 'SCOORD3D')).toEqual([]);
  });

  it('says once how each model was fitted, and gives that for every quantity of the model', () => {
    const fittings = everyItem(dataset).filter((content) => conceptName(content)?.value === '113241');
    expect(fittings).toHaveLength(2);
    for (const { quantities } of report.regions)
      for (const entry of quantities) if (!('missing' in entry)) expect(entry.algorithm).toBeDefined();
  });

  it('gives back size and shape, level, and the continuous score with its limits', () => {
    const shape = {
      areaMm2: 71.25,
      apDiameterMm: 6.1,
      transverseDiameterMm: 13.2,
      compressionRatio: 0.4621,
      mscc: 0.31,
    };
    const level = { value: '5329002', scheme: 'SCT', meaning: 'C4 vertebra' };
    const score = {
      kind: 'score', modelId: 'fa-f', modelVersion: '1', score: 0.4, modelBand: { low: -0.2, high: 1.1 },
      rescanBand: { low: -1.5, high: 2.5 }, probability: { value: 0.75, modelBand: { low: 0.5, high: 0.9 } },
      sentences: ['Of 100 patients 75.'], statements: ['Experimental.'],
    } as const; // prettier-ignore
    const regions = SAMPLE_REPORT.regions.map((region) => ({ ...region, shape, level }));
    const read = reread({ regions, score });
    expect(read.regions[0]).toMatchObject({ shape, level });
    expect(read.score).toEqual(score);
    const none = { missing: 'no success rate of this site' };
    expect(reread({ score: { ...score, probability: none } }).score).toMatchObject({ probability: none });
    const { modelId, modelVersion, statements } = score;
    const abstained = {
      kind: 'abstained',
      modelId,
      modelVersion,
      statements,
      reasons: ['f is missing'],
    } as const;
    expect(reread({ score: abstained }).score).toEqual(abstained);
  });

  it('names its device, its reader, its segmentation and its moment', () => {
    const read = reread({ reader: { name: 'Reader^Ann', organization: 'Hospital' } });
    expect(read.device).toMatchObject({
      modelName: 'Myelon',
      softwareVersion: '0.1.0',
      name: 'Reading room 2',
    });
    expect(read.reader).toBe('Reader^Ann');
    expect(read.segmentation).toEqual({ sopInstanceUID: '2.25.61' });
    expect(read.createdAt).toBe('2026-02-01T01:00:00+09:00');
    expect(new Date(read.createdAt!)).toEqual(SAMPLE_REPORT.createdAt);
    expect(isMyelonReport(dataset)).toBe(true);
  });

  it('lists every instance it refers to as evidence, and the private scheme', () => {
    const referenced = everyItem(dataset)
      .flatMap((content) => items(content, '00081199'))
      .map((reference) => string(reference, '00081155'));
    const listed = items(dataset, '0040A375')
      .flatMap((study) => items(study, '00081115'))
      .flatMap((series) => items(series, '00081199'))
      .map((reference) => string(reference, '00081155'));
    expect(referenced.length).toBeGreaterThan(3);
    expect(listed.sort()).toEqual([...new Set(referenced)].sort());
    const others = items(dataset, '0040A385').flatMap((study) => items(study, '00081115'));
    const further = others
      .flatMap((series) => items(series, '00081199'))
      .map((one) => string(one, '00081155'));
    const sources = SAMPLE_REPORT.sources.flatMap(({ sopInstanceUIDs }) => sopInstanceUIDs);
    expect([...listed, ...further]).toEqual(expect.arrayContaining([...sources, '2.25.61']));
    expect(items(dataset, '00080110').map((scheme) => string(scheme, '00080102'))).toEqual(['99MYELON']);
  });

  it('gives every group one point, because viewers fail on groups without coordinates', () => {
    const groups = everyItem(dataset).filter((content) => conceptName(content)?.value === '125007');
    expect(groups).toHaveLength(2);
    for (const group of groups)
      expect(children(group).filter((child) => valueType(child) === 'SCOORD3D')).toHaveLength(1);
  });

  it('never writes a number without value, because viewers and validators fail on it', () => {
    for (const content of everyItem(dataset)) {
      if (valueType(content) === 'NUM') expect(items(content, '0040A300')).toHaveLength(1);
    }
  });
});

describe('a measurement report is refused', () => {
  const [first] = SAMPLE_REPORT.regions;
  const withoutIvim = { ...SAMPLE_REPORT.models };
  delete withoutIvim.ivim;
  it.each<[string, Partial<MeasurementReportContent>, RegExp]>([
    ['without regions', { regions: [] }, /no region/],
    ['without source images', { sources: [] }, /no source images/],
    [
      'when the outlined series is no source',
      { segmentedSeriesInstanceUID: '2.25.9' },
      /not among the sources/,
    ],
    [
      'when two regions share an identity',
      { regions: [first!, { ...first!, id: 'x' }] },
      /share a tracking UID/,
    ],
    ['when a quantity has no model', { models: withoutIvim }, /ivim_d without the model/],
    ['when the judged region is missing', { regions: [first!] }, /judged region is not in the report/],
    [
      'when it abstains without a reason',
      { prognosis: { kind: 'abstained', modelId: 'm', modelVersion: '1', reasons: [], statements: [] } },
      /say why/,
    ],
    [
      'when a value is not a number',
      {
        regions: SAMPLE_REPORT.regions.map((region) => ({ ...region, volumeMm3: Number.NaN })),
      },
      /the number is NaN/,
    ],
  ])('%s', (_name, changes, message) => {
    expect(() => write(changes)).toThrow(InputRefused);
    expect(() => write(changes)).toThrow(message);
  });
});
