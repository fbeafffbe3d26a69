import type { ReportedAnalysis } from '@myelon/pipeline';
import { changesBetween } from './compare-reports';

function analysis(fa: number | null, f: number, kind: 'compression' | 'whole-cord'): ReportedAnalysis {
  const statistics = (quantity: 'fa' | 'ivim_f', mean: number) => ({
    quantity,
    unit: '1' as const,
    method: 'made up',
    n: 40,
    mean,
    sd: 0.05,
    standardError: 0.008,
    median: mean,
    p5: mean,
    p25: mean,
    p75: mean,
    p95: mean,
    min: mean,
    max: mean,
    excluded: [],
    atBound: 0,
  });
  return {
    createdAt: null,
    softwareVersion: null,
    state: { complete: true, preliminary: true, verified: false },
    reader: null,
    regions: [
      {
        id: kind,
        name: kind,
        kind,
        slices: [7],
        voxels: 40,
        volumeMm3: 100,
        statistics: [
          fa === null ? { quantity: 'fa', missing: 'not fitted' } : statistics('fa', fa),
          statistics('ivim_f', f),
        ],
      },
    ],
    slices: [],
    levelMeans: [],
    shapes: {},
    prognosis: null,
    score: null,
    warnings: [],
  };
}

const change = (changes: ReturnType<typeof changesBetween>, quantity: string) =>
  changes.find((one) => one.quantity === quantity)!;

describe('two reports side by side', () => {
  it('tells a change from what a second scan of the same cord may show', () => {
    const changes = changesBetween(analysis(0.4, 0.08, 'compression'), analysis(0.41, 0.13, 'compression'));
    // FA varies by 3 % between scans: 1.96 sqrt(2) 3 % of 0.405 is 0.034. f varies by 12 %.
    expect(change(changes, 'fa')).toMatchObject({ verdict: 'within error' });
    expect(change(changes, 'fa').error).toBeCloseTo(0.0337, 3);
    expect(change(changes, 'fa').difference).toBeCloseTo(0.01, 6);
    expect(change(changes, 'ivim_f')).toMatchObject({ verdict: 'beyond error' });
  });

  it('says of a quantity without a known repeatability that nothing is known', () => {
    const [first] = changesBetween(
      analysis(0.4, 0.08, 'compression'),
      analysis(0.5, 0.08, 'compression'),
    ).filter(({ quantity }) => quantity === 'md');
    expect(first).toMatchObject({ earlier: null, later: null, verdict: 'not known' });
  });

  it('never compares different regions', () => {
    const changes = changesBetween(analysis(0.4, 0.08, 'compression'), analysis(0.5, 0.08, 'whole-cord'));
    expect(changes).toEqual([]);
  });

  it('leaves a missing value missing', () => {
    const changes = changesBetween(analysis(null, 0.08, 'compression'), analysis(0.5, 0.08, 'compression'));
    expect(change(changes, 'fa')).toMatchObject({ earlier: null, difference: null, verdict: 'not known' });
  });
});
