import {
  DERIVED_SCORE,
  EMPTY_CLINICAL_FORM,
  mjoaFromTotal,
  signingKeys,
  signModel,
  type ModelContent,
} from '@myelon/prognosis';
import type { AnalysisRecord } from '../analysis-record';
import { statisticsOfQuantity } from '../measure/region-statistics';
import { readAnalysisRecord, writeAnalysisRecord } from '../record-json';
import { AnalysisSession, type AnalyseRequest } from './analysis-session';
import { SAMPLE_ORIGIN, sampleIvimVolume, sampleMask, sampleTensorVolume } from './sample-inputs';

async function analysed(request: AnalyseRequest): Promise<AnalysisRecord> {
  const session = new AnalysisSession();
  session.addVolume('dti', sampleTensorVolume(), SAMPLE_ORIGIN);
  session.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
  session.setMask(sampleMask());
  await session.fit({ tensorKey: 'dti', ivimKey: 'ivim' });
  return session.analyse(request);
}

function scoreOf({ score }: AnalysisRecord) {
  if (score?.kind !== 'score') throw new Error(score?.reasons.join('; ') ?? 'no score');
  return score;
}

const PRE = { score: mjoaFromTotal('mjoa-18', 11), date: null };

describe('the continuous score in the record', () => {
  it('is that of FA and f of the compression, below 0 where both are below their cut-offs', async () => {
    const record = await analysed({ compressionSlices: [1] });
    const compression = record.regions.find(({ id }) => id === 'compression')!;
    const mean = (quantity: 'fa' | 'ivim_f') => statisticsOfQuantity(compression, quantity)!.mean;
    const { score, modelBand, rescanBand } = scoreOf(record);
    // 0.18 per 0.01 of FA and 0.47 per point of f, from the cut-offs.
    const expected = 18.1366 * (mean('fa') - 0.41) + 46.5713 * (mean('ivim_f') - 0.095);
    expect(score).toBeCloseTo(expected, 3);
    expect(score).toBeLessThan(0);
    for (const { low, high } of [modelBand, rescanBand]) {
      expect(low).toBeLessThan(score);
      expect(high).toBeGreaterThan(score);
    }
  });

  it('gives no probability before the site has entered its success rate, and then words', async () => {
    const without = scoreOf(await analysed({ compressionSlices: [1] })).probability;
    expect(without).toEqual({ missing: expect.stringMatching(/site's own success rate/) });
    const siteSuccessRate = { operated: 80, recovered: 52 };
    const record = await analysed({ compressionSlices: [1], siteSuccessRate });
    expect(scoreOf(record).probability).toMatchObject({
      sentence: expect.stringMatching(/where 65 of 100 regain at least half/),
      siteRate: siteSuccessRate,
    });
    expect(readAnalysisRecord(writeAnalysisRecord(record), 'record.json')).toEqual(record);
    await expect(
      analysed({ compressionSlices: [1], siteSuccessRate: { operated: 4, recovered: 3 } }),
    ).rejects.toThrow(/too few/);
  });

  it('shows what it hangs on: without f, and with the outline eroded where enough voxels are left', async () => {
    const small = scoreOf(await analysed({ compressionSlices: [1] }));
    expect(small.sensitivity).toEqual([
      { id: 'without-f', what: expect.any(String), score: expect.any(Number) },
      // 6 x 6 voxels eroded are 4 x 4.
      { id: 'eroded', what: expect.any(String), missing: expect.stringMatching(/only 16 voxels/) },
    ]);
    const large = scoreOf(await analysed({ compressionSlices: [1, 2] }));
    const eroded = large.sensitivity.find(({ id }) => id === 'eroded')!;
    // The simulated cord is the same in every voxel of a slice.
    expect('score' in eroded && eroded.score).toBeCloseTo(large.score, 6);
  });

  it('abstains with the statement: nothing confirmed, no compression', async () => {
    const withheld = await analysed({ compressionSlices: [1], statementWithheld: 'not confirmed yet' });
    expect(withheld.score).toMatchObject({ kind: 'abstained', reasons: ['not confirmed yet'] });
    const none = await analysed({ compressionSlices: [] });
    expect(none.score).toMatchObject({ kind: 'abstained', reasons: [expect.stringMatching(/no slice/)] });
  });
});

describe('the clinical form', () => {
  it('goes into the record and comes back from its JSON', async () => {
    const clinical = { ...EMPTY_CLINICAL_FORM, pre: PRE, predictors: { age: 61 } };
    const record = await analysed({ compressionSlices: [1], clinical });
    expect(readAnalysisRecord(writeAnalysisRecord(record), 'record.json').clinical).toEqual(clinical);
  });

  it('refuses mixed versions before anything is written', async () => {
    const post = { score: mjoaFromTotal('mjoa-17', 15), date: null };
    const clinical = { ...EMPTY_CLINICAL_FORM, pre: PRE, post };
    await expect(analysed({ compressionSlices: [1], clinical })).rejects.toThrow(/do not compare/);
  });
});

describe("a site's own model", () => {
  const { secretKey } = signingKeys(new Uint8Array(32).fill(3));
  const test = { chisq: 9, df: 2, p: 0.01 };
  const model = (change: Partial<ModelContent> = {}) =>
    signModel(
      {
        schema: 'myelon-score-model',
        schemaVersion: '1.0',
        id: 'fa-f-score',
        version: '1.0-example',
        createdAt: '2026-05-01T10:00:00Z',
        software: { name: 'Myelon', version: '0.1.0' },
        site: 'Example',
        basedOn: { id: DERIVED_SCORE.id, version: DERIVED_SCORE.version, hash: null },
        update: 'refit',
        because: 'the closed test chose "refit"',
        coefficients: { intercept: -6, fa: 8, fPercent: 0.3 },
        shareRecovered: 0.6,
        covariance: [
          [1, 0, 0],
          [0, 4, 0],
          [0, 0, 0.01],
        ],
        withoutF: null,
        validRange: { fa: [0.15, 0.75], f: [0.02, 0.18] },
        measurement: {
          tensorMethods: ['weighted'],
          ivimMethods: ['segmented'],
          tensorBValues: null,
          ivimBValues: null,
          measuringRule: null,
        },
        cohort: {
          patients: 200,
          good: 120,
          poor: 80,
          from: null,
          to: '2026-04-01',
          outcome: 'recovery rate of at least 50 %',
          mjoaVersion: 'mjoa-18',
          source: 'invented',
        },
        closedTest: {
          refitAgainst: { original: test, intercept: test, intercept_slope: test },
          selected: 'refit',
        },
        performance: {
          auc: 0.8,
          aucInterval: null,
          aucCorrected: 0.79,
          slopeCorrected: 0.95,
          aucLeaveOneOut: 0.78,
          brier: 0.15,
          calibrationBefore: { intercept: 0, interceptSe: 0.2, slope: 0.5, slopeSe: 0.1 },
        },
        remarks: [],
        ...change,
      },
      secretKey,
    );

  it('takes the place of the score that comes with the software, by name, hash and calibration', async () => {
    const scoreModel = model();
    const siteSuccessRate = { operated: 100, recovered: 60 };
    const record = await analysed({ compressionSlices: [1], scoreModel, siteSuccessRate });
    const found = scoreOf(record);
    expect(found).toMatchObject({ modelVersion: '1.0-example', modelHash: scoreModel.hash });
    expect(found.statements.join(' ')).toMatch(/calibrated on 200 patients of Example, 2026-04-01/);
    const compression = record.regions.find(({ id }) => id === 'compression')!;
    const mean = (quantity: 'fa' | 'ivim_f') => statisticsOfQuantity(compression, quantity)!.mean;
    // At the share it was made at, the probability is the model's own.
    const own = 1 / (1 + Math.exp(6 - 8 * mean('fa') - 30 * mean('ivim_f')));
    expect('probability' in found.probability && found.probability.probability).toBeCloseTo(own, 10);
  });

  it('abstains on images with other b-values than its cohort', async () => {
    const scoreModel = model({
      measurement: {
        tensorMethods: ['weighted'],
        ivimMethods: ['segmented'],
        tensorBValues: [0, 1000],
        ivimBValues: null,
        measuringRule: null,
      },
    });
    expect((await analysed({ compressionSlices: [1], scoreModel })).score).toMatchObject({
      kind: 'abstained',
      reasons: [
        expect.stringMatching(/b-values of the tensor fit are 0, 800 s\/mm2; the score is for 0, 1000/),
      ],
    });
  });
});
