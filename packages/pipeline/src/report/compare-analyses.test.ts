import type { AnalysisRecord } from '../analysis-record';
import { sampleRecord } from '../sample-record';
import { compareAnalyses, movedInWords } from './compare-analyses';

/** The sample record with another mean FA of the cord. */
function withMean(mean: number): AnalysisRecord {
  const record = sampleRecord();
  const [cord] = record.regions;
  const statistics = cord!.statistics.map((entry) =>
    entry.quantity === 'fa' && !('missing' in entry) ? { ...entry, mean } : entry,
  );
  return { ...record, regions: [{ ...cord!, statistics }] };
}

describe('a report held against its inputs', () => {
  test('holds when they give the same numbers, but for the last binary digits', () => {
    const { moved, other, compared } = compareAnalyses(withMean(0.3), withMean(0.1 + 0.2));
    expect({ moved, other }).toEqual({ moved: [], other: [] });
    expect(compared).toBe(20);
  });

  test('says which number moved and by how much', () => {
    const { moved } = compareAnalyses(withMean(0.4), withMean(0.39));
    expect(moved.map((one) => movedInWords(one))).toEqual([
      'Whole cord, FA mean: 0.40 reported, 0.39 recomputed (-2.5 %)',
    ]);
  });

  test('counts a value that is gone as moved', () => {
    const gone = sampleRecord();
    const statistics = gone.regions[0]!.statistics.map((entry) =>
      entry.quantity === 'md' ? { quantity: 'md' as const, missing: 'no tensor' } : entry,
    );
    const { moved } = compareAnalyses(sampleRecord(), {
      ...gone,
      regions: [{ ...gone.regions[0]!, statistics }],
    });
    expect(moved.every(({ quantity, recomputed }) => quantity === 'md' && recomputed === null)).toBe(true);
    expect(moved.length).toBeGreaterThan(0);
  });

  test('names a region that is gone and a statement that changed', () => {
    const before = sampleRecord();
    const after = sampleRecord({
      regions: [],
      prognosis: { ...before.prognosis, kind: 'abstained', reasons: ['no f'] } as AnalysisRecord['prognosis'],
    });
    expect(compareAnalyses(before, after).other).toEqual([
      'Whole cord is in the report and not in the analysis',
      expect.stringMatching(/now "none \(no f\)"/),
    ]);
  });

  test('takes the slices of a structured report with the numbers it has of them', () => {
    const record = sampleRecord();
    const slice = { ...record.regions[0]!, id: 'slice-7', name: 'Slice 7', kind: 'slice' as const };
    const reported = {
      regions: [],
      prognosis: null,
      slices: [{ slice: 6, quantities: [{ quantity: 'fa' as const, mean: 0.2, sd: 0.05, n: 120 }] }],
    };
    const { moved, compared } = compareAnalyses(reported, { ...record, regions: [slice] });
    expect(compared).toBe(3);
    expect(moved.map(({ region, statistic }) => [region, statistic])).toEqual([['Slice 7', 'mean']]);
  });
});
