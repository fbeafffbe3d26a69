import {
  number,
  parsePart10,
  readMeasurementReport,
  readMjoaReport,
  readParametricMap,
  readSegmentation,
  reportObjectFaults,
  string,
  Tag,
  type DicomJsonDataset,
} from '@myelon/dicom';
import { voxelCount, type DiffusionVolume } from '@myelon/diffusion';
import { EMPTY_CLINICAL_FORM, mjoaFromTotal } from '@myelon/prognosis';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';
import { AnalysisSession, type FitOutcome, type InputOrigin } from '../session/analysis-session';
import { SAMPLE_GRID, sampleIvimVolume, sampleMask, sampleTensorVolume } from '../session/sample-inputs';
import { buildParametricMaps } from './build-parametric-maps';
import { buildReport, objectsOfReport } from './build-report';
import { compareAnalyses, compareVersions } from './compare-analyses';
import { isMainReport, recordFromReport, recordFromReports } from './record-from-report';
import type { ReportSource } from './report-source';

const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
const device = {
  manufacturer: 'Myelon',
  modelName: 'test',
  serialNumber: '1',
  softwareVersion: '0.1.0',
  deviceUID: '2.25.99',
};

/** A volume as if it had come from one classic MR instance per slice and volume. */
function fromDicom(volume: DiffusionVolume, series: string): { source: ReportSource; origin: InputOrigin } {
  const frames = volume.gradients.count * volume.grid.slices;
  const sources = Array.from({ length: frames }, (_, index) => ({
    sopInstanceUID: `${series}.${String(index + 1)}`,
    frame: 1,
  }));
  const instance: DicomJsonDataset = {
    '00080016': { vr: 'UI', Value: [MR_IMAGE] },
    '0020000D': { vr: 'UI', Value: ['2.25.7'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Sample^Patient' }] },
    '00080050': { vr: 'SH', Value: ['ACC-1'] },
  };
  return {
    source: { volume: { ...volume, sources }, seriesInstanceUID: series, instances: [instance] },
    origin: {
      source: { kind: 'dicom', studyInstanceUID: '2.25.7', seriesInstanceUIDs: [series], instances: frames },
      leftOut: [{ what: 'volume 3', why: 'incomplete' }],
      warnings: [],
    },
  };
}

const dti = fromDicom(sampleTensorVolume(), '2.25.71');
const ivim = fromDicom(sampleIvimVolume(), '2.25.72');

async function analysed(models: 'both' | 'tensor'): Promise<{ record: AnalysisRecord; fit: FitOutcome }> {
  const session = new AnalysisSession();
  session.addVolume('dti', sampleTensorVolume(), dti.origin);
  if (models === 'both') session.addVolume('ivim', sampleIvimVolume(), ivim.origin);
  session.setMask(sampleMask());
  const fit = await session.fit({ tensorKey: 'dti', ivimKey: models === 'both' ? 'ivim' : null });
  return { record: session.analyse({ compressionSlices: [1] }), fit };
}

function build(record: AnalysisRecord) {
  const built = buildReport(record, {
    mask: sampleMask(),
    sources: [dti.source, ivim.source],
    device,
    withSlices: true,
  });
  const report = readMeasurementReport(parsePart10(built.report.bytes).dataset);
  return { built, report, segmentation: readSegmentation(built.segmentation.bytes, SAMPLE_GRID) };
}

// A fit takes its time on a busy machine.
jest.setTimeout(60_000);

let both: { record: AnalysisRecord; fit: FitOutcome };
let tensorOnly: typeof both;
beforeAll(async () => {
  both = await analysed('both');
  tensorOnly = await analysed('tensor');
});

describe('a report built from a record', () => {
  test('joins the study of its source and names its patient', () => {
    const { built } = build(both.record);
    for (const { bytes, sopInstanceUID, seriesInstanceUID } of [built.segmentation, built.report]) {
      const { dataset } = parsePart10(bytes);
      expect(string(dataset, Tag.StudyInstanceUID)).toBe('2.25.7');
      expect(string(dataset, '00100010')).toBe('Sample^Patient');
      expect(string(dataset, '00080050')).toBe('ACC-1');
      expect(string(dataset, Tag.SOPInstanceUID)).toBe(sopInstanceUID);
      expect(string(dataset, Tag.SeriesInstanceUID)).toBe(seriesInstanceUID);
    }
  });

  test('its segments are the outline and the compression', () => {
    const { segmentation } = build(both.record);
    const [cord, compression] = segmentation.segments;
    expect(cord?.voxels).toEqual(sampleMask().labels);
    const perSlice = SAMPLE_GRID.columns * SAMPLE_GRID.rows;
    expect(compression?.voxels.some((voxel, index) => voxel > 0 && Math.floor(index / perSlice) !== 1)).toBe(
      false,
    );
    expect(compression?.voxels.filter((voxel) => voxel > 0)).toHaveLength(36);
  });

  test('holds every slice with its frame of the outline, mean and spread', () => {
    const { record } = both;
    const { built } = build(record);
    const report = readMeasurementReport(parsePart10(built.report.bytes).dataset);
    const parts = built.slices.map(({ bytes }) => readMeasurementReport(parsePart10(bytes).dataset));
    expect(parts.map(isMainReport)).toEqual(parts.map(() => false));
    const { slices } = recordFromReports(report, parts);
    const told = record.regions.filter(({ kind }) => kind === 'slice');
    expect(slices.map(({ slice }) => slice)).toEqual(told.map((region) => region.slices[0]));
    for (const [index, { quantities }] of slices.entries())
      for (const { quantity, mean, sd, n } of quantities) {
        const entry = told[index]!.statistics.find((one) => one.quantity === quantity)!;
        if ('missing' in entry) throw new Error(`${quantity} is missing`);
        expect(n).toBe(entry.n);
        expect(Math.abs(mean - entry.mean)).toBeLessThanOrEqual(1e-12 * Math.abs(entry.mean));
        if (entry.sd === null) expect(sd).toBeNull();
        else expect(Math.abs((sd ?? NaN) - entry.sd)).toBeLessThanOrEqual(1e-9 * entry.sd);
      }
    const [segmentation, written] = [built.segmentation, built.slices[0]!].map(
      ({ bytes }) => parsePart10(bytes).dataset,
    );
    const source = { ...dti.source.instances[0], '00200052': segmentation!['00200052']! };
    const faults = reportObjectFaults({ source, segmentation: segmentation!, report: written! });
    // The made-up source names no birth date and the like; everything else must hold.
    expect(faults.filter((fault) => !/source images say/.test(fault))).toEqual([]);
    expect(report.quality.join('\n')).toContain(record.cord.measuringRule);
  });

  test('holds levels with shape, the score, and the mJOA in a report of its own', () => {
    const { record } = both;
    const cord = record.regions.find(({ kind }) => kind === 'whole-cord')!;
    const [slice = 0] = cord.slices;
    const level = { ...cord, id: 'level-C5', name: 'C5', kind: 'level' as const, slices: [slice] };
    const section = {
      slice, positionMm: 0, angleDegrees: 0, areaMm2: 70.5, apDiameterMm: 7.25, transverseDiameterMm: 12.5,
      compressionRatio: 0.58, eccentricity: 0.4, orientationDegrees: 0, from: 'contour' as const,
    }; // prettier-ignore
    const clinical = { ...EMPTY_CLINICAL_FORM, pre: { score: mjoaFromTotal('mjoa-18', 11), date: null } };
    const told: AnalysisRecord = {
      ...record,
      levelRegions: [level],
      morphometry: { onSlicesOfOutline: true, sections: [section], proposed: null, atCompression: null },
      clinical,
    };
    const { built, report } = build(told);
    expect(objectsOfReport(built)).toHaveLength(4 + built.slices.length);
    const [levels] = built.levels.map(({ bytes }) => readMeasurementReport(parsePart10(bytes).dataset));
    const back = recordFromReports(report, [levels!]);
    const { areaMm2, apDiameterMm, transverseDiameterMm, compressionRatio } = section;
    const shape = { areaMm2, apDiameterMm, transverseDiameterMm, compressionRatio };
    expect(back.levelMeans).toMatchObject([{ id: 'level-C5', name: 'C5', shape }]);
    expect(levels!.regions[0]!.level?.meaning).toBe('C5 vertebra');
    expect(compareAnalyses(back, told)).toMatchObject({ moved: [], other: [] });
    expect(back.shapes['whole-cord']).toEqual(shape);
    expect(back.score?.kind).toBe(record.score!.kind);
    expect(readMjoaReport(parsePart10(built.clinical!.bytes).dataset).clinical).toEqual(clinical);
    const amended = { ...back, levelMeans: [] };
    expect(compareVersions(back, amended).other).toEqual(['C5 is in the report and not in the new report']);
    expect(compareVersions(amended, back).other).toEqual(['C5 is new']);
  });

  test('comes back as the analysis it was: regions, statistics, statement, state', () => {
    const { record } = both;
    const { report, segmentation } = build(record);
    const back = recordFromReport(report, segmentation);
    const told = record.regions.filter(({ kind }) => kind !== 'slice');
    expect(back.regions.map(withoutNumbers)).toEqual(told.map(withoutNumbers));
    told.forEach((region, index) => {
      region.statistics.forEach((entry, at) => {
        const read = back.regions[index]!.statistics[at]!;
        if ('missing' in entry || 'missing' in read) throw new Error(`${entry.quantity} is missing`);
        for (const key of [
          'mean',
          'sd',
          'standardError',
          'median',
          'p5',
          'p25',
          'p75',
          'p95',
          'min',
          'max',
        ] as const)
          expect(Math.abs(read[key]! - entry[key]!)).toBeLessThanOrEqual(
            1e-9 * Math.abs(entry[key]!) + 1e-18,
          );
        expect([read.n, read.atBound]).toEqual([entry.n, entry.atBound]);
      });
    });
    expect(record.prognosis.kind).toBe('statement');
    expect(back.prognosis).toMatchObject({
      kind: 'statement',
      regionId: 'compression',
      ...(record.prognosis.kind === 'statement'
        ? { pattern: record.prognosis.pattern, sentence: record.prognosis.sentence }
        : {}),
    });
    expect(Date.parse(back.createdAt ?? '')).toBe(Date.parse(record.createdAt));
    expect(back.state).toMatchObject({ preliminary: true, verified: false });
    expect(back.warnings.join()).toContain('volume 3');
  });

  test('without IVIM the missing values and the abstention keep their reasons', () => {
    const { record } = tensorOnly;
    const back = recordFromReport(build(record).report);
    const f = back.regions[0]!.statistics.find(({ quantity }) => quantity === 'ivim_f');
    expect(f).toEqual(record.regions[0]!.statistics.find(({ quantity }) => quantity === 'ivim_f'));
    expect(back.prognosis).toMatchObject({
      kind: 'abstained',
      reasons: record.prognosis.kind === 'abstained' ? record.prognosis.reasons : [],
    });
    expect(back.state.complete).toBe(false);
  });

  test('gets new UIDs every time it is built', () => {
    const { record } = tensorOnly;
    const [p, q] = [build(record).built, build(record).built];
    expect(p.report.sopInstanceUID).not.toBe(q.report.sopInstanceUID);
    expect(p.segmentation.seriesInstanceUID).not.toBe(q.segmentation.seriesInstanceUID);
  });

  test('is refused for series that are not DICOM, and for an outline on other voxels', () => {
    const { record } = tensorOnly;
    const nifti = { volume: sampleTensorVolume(), seriesInstanceUID: 'dwi.nii.gz', instances: [] };
    expect(() => buildReport(record, { mask: sampleMask(), sources: [nifti], device })).toThrow(
      /did not come from DICOM/,
    );
    const grid = { ...SAMPLE_GRID, columns: 13 };
    const mask = { grid, labels: new Uint8Array(voxelCount(grid)).fill(1), method: 'manual' as const };
    expect(() => buildReport(record, { mask, sources: [dti.source], device })).toThrow(
      /none of the analysed series/,
    );
  });
});

describe('parametric maps', () => {
  test('carry the values of the maps and refer to the series each was computed from', () => {
    const { record, fit } = both;
    const maps = buildParametricMaps(record, fit.maps, { sources: [dti.source, ivim.source], device });
    expect(maps.map(({ quantity }) => quantity)).toEqual([
      'fa', 'md', 'ad', 'rd', 'adc', 'ivim_d', 'ivim_dstar', 'ivim_f',
    ]); // prettier-ignore
    for (const { quantity, bytes } of maps) {
      const { dataset } = parsePart10(bytes);
      const referenced = dataset['00081115']?.Value?.[0] as DicomJsonDataset;
      const isTensor = ['fa', 'md', 'ad', 'rd'].includes(quantity);
      expect(string(referenced, Tag.SeriesInstanceUID)).toBe(isTensor ? '2.25.71' : '2.25.72');
      expect(number(dataset, '00280008')).toBe(SAMPLE_GRID.slices);
      const computed = fit.maps.find((map) => map.quantity === quantity)!.values;
      const read = readParametricMap(bytes, SAMPLE_GRID).values;
      computed.forEach((value, index) => {
        expect(Math.abs(read[index]! - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value));
      });
    }
  });
});

/** A report names the measuring rule; how many voxels it dropped stands in record and table only. */
function withoutNumbers({ statistics, ...region }: RegionRecord) {
  return {
    ...region,
    droppedVoxels: undefined,
    volumeMm3: Math.round(region.volumeMm3),
    statistics: statistics.map(({ quantity }) => quantity),
  };
}
