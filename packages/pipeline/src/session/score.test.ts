import { EMPTY_CLINICAL_FORM, mjoaFromTotal } from '@myelon/prognosis';
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
