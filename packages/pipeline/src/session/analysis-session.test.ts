import { InputRefused } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';
import { statisticsOfQuantity } from '../measure/region-statistics';
import { readAnalysisRecord, writeAnalysisRecord } from '../record-json';
import { AnalysisSession } from './analysis-session';
import {
  SAMPLE_GRID,
  SAMPLE_ORIGIN,
  SAMPLE_TRUTH,
  sampleIvimVolume,
  sampleMask,
  sampleTensorVolume,
} from './sample-inputs';

function sessionWith(...keys: ('dti' | 'ivim')[]): AnalysisSession {
  const session = new AnalysisSession();
  if (keys.includes('dti')) session.addVolume('dti', sampleTensorVolume(), SAMPLE_ORIGIN);
  if (keys.includes('ivim')) session.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
  return session;
}

function region(record: AnalysisRecord, id: string): RegionRecord {
  const found = record.regions.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no region ${id}`);
  return found;
}

function mean(
  record: AnalysisRecord,
  id: string,
  quantity: Parameters<typeof statisticsOfQuantity>[1],
): number {
  return statisticsOfQuantity(region(record, id), quantity)?.mean ?? Number.NaN;
}

async function analysed(compressionSlices: number[]): Promise<AnalysisRecord> {
  const session = sessionWith('dti', 'ivim');
  session.setMask(sampleMask());
  await session.fit({ tensorKey: 'dti', ivimKey: 'ivim' });
  return session.analyse({ compressionSlices });
}

describe('an analysis', () => {
  test('gives the true FA, MD, D and f of every slice', async () => {
    const record = await analysed([1]);
    SAMPLE_TRUTH.forEach(({ axial, radial, f, d }, slice) => {
      const id = `slice-${String(slice + 1)}`;
      const fa = (axial - radial) / Math.hypot(axial, radial, radial);
      expect(mean(record, id, 'fa')).toBeCloseTo(fa, 4);
      expect(mean(record, id, 'md') * 1e3).toBeCloseTo(((axial + 2 * radial) / 3) * 1e3, 4);
      expect(Math.abs(mean(record, id, 'ivim_d') / d - 1)).toBeLessThan(0.05);
      expect(Math.abs(mean(record, id, 'ivim_f') - f)).toBeLessThan(0.02);
    });
  });

  test('judges FA and f of the compression, not of the whole cord', async () => {
    const { prognosis, ...record } = await analysed([1]);
    expect(prognosis.kind).toBe('statement');
    if (prognosis.kind !== 'statement') return;
    const compression = region({ prognosis, ...record }, 'compression');
    expect(prognosis.regionId).toBe('compression');
    expect(prognosis.fa.value).toBe(statisticsOfQuantity(compression, 'fa')?.mean);
    expect(prognosis.pattern).toBe('neither');
    expect(prognosis.statements.join(' ')).toMatch(/research use only/i);
  });

  test('without a named compression abstains and says why', async () => {
    const { prognosis, regions } = await analysed([]);
    expect(prognosis).toMatchObject({ kind: 'abstained' });
    expect(prognosis.kind === 'abstained' && prognosis.reasons.join()).toMatch(/no slice has been named/);
    expect(regions.some(({ kind }) => kind === 'compression')).toBe(false);
  });

  test('without an IVIM series gives the tensor, and for f the reason, never a number', async () => {
    const session = sessionWith('dti');
    session.setMask(sampleMask());
    await session.fit({ tensorKey: 'dti', ivimKey: null });
    const record = session.analyse({ compressionSlices: [1] });
    expect(mean(record, 'compression', 'fa')).toBeGreaterThan(0);
    const f = region(record, 'compression').statistics.find(({ quantity }) => quantity === 'ivim_f');
    expect(f).toMatchObject({ missing: expect.stringMatching(/b-values/) as string });
    expect(record.prognosis).toMatchObject({ kind: 'abstained' });
    expect(record.ivim).toBeNull();
  });

  test('too few voxels at the compression: the values stand, the statement does not', async () => {
    const session = sessionWith('dti', 'ivim');
    const mask = sampleMask();
    const perSlice = SAMPLE_GRID.columns * SAMPLE_GRID.rows;
    mask.labels.fill(0, perSlice, 2 * perSlice);
    mask.labels.fill(1, perSlice + 7 * 14 + 4, perSlice + 7 * 14 + 10);
    session.setMask(mask);
    await session.fit({ tensorKey: 'dti', ivimKey: 'ivim' });
    const record = session.analyse({ compressionSlices: [1] });
    expect(region(record, 'compression').voxels).toBe(6);
    expect(record.prognosis.kind === 'abstained' && record.prognosis.reasons.join()).toMatch(/6 voxels/);
  });

  test('says what it is made of: inputs with roles and tables, mask, rule, versions; and survives JSON', async () => {
    const record = await analysed([1]);
    expect(record.inputs.map(({ role, name }) => [role, name])).toEqual([
      ['tensor', 'DTI'],
      ['ivim', 'IVIM'],
    ]);
    expect(record.inputs[0]?.bValues).toHaveLength(35);
    expect(record.cord).toMatchObject({
      method: 'manual',
      measuringRule: 'all voxels of the outline',
      slices: [0, 1, 2],
    });
    expect(record.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    expect(Math.abs(Date.parse(record.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(readAnalysisRecord(writeAnalysisRecord(record), 'record.json')).toEqual(record);
    expect((await analysed([1])).id).not.toBe(record.id);
  });

  test('refuses to measure before there is an outline, or before a fit', async () => {
    const session = sessionWith('dti');
    expect(() => session.analyse({ compressionSlices: [] })).toThrow(/outline/);
    session.setMask(sampleMask());
    expect(() => session.analyse({ compressionSlices: [] })).toThrow(/fit/);
    await expect(session.fit({ tensorKey: null, ivimKey: 'dti' })).rejects.toThrow(InputRefused);
    await expect(session.fit({ tensorKey: 'nothing', ivimKey: null })).rejects.toThrow(/no series "nothing"/);
  });
});

describe('fitting', () => {
  test('covers the cord and its surroundings, or exactly the mask, as asked', async () => {
    const session = sessionWith('dti');
    session.setMask(sampleMask());
    const fitted = async (extent: 'mask' | 'cord' | 'all') =>
      (await session.fit({ tensorKey: 'dti', ivimKey: null, options: { extent } })).tensor?.fittedVoxels;
    expect(await fitted('mask')).toBe(3 * 36);
    expect(await fitted('all')).toBe(3 * 14 * 14);
    expect(await fitted('cord')).toBe(3 * 14 * 14);
  });

  test('reports rising progress over both models', async () => {
    const session = sessionWith('dti', 'ivim');
    const seen: number[] = [];
    await session.fit({ tensorKey: 'dti', ivimKey: 'ivim' }, (fraction) => seen.push(fraction));
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((p, q) => p - q));
  });

  test('that was cancelled leaves the earlier maps to be measured', async () => {
    const session = sessionWith('dti', 'ivim');
    session.setMask(sampleMask());
    await session.fit({ tensorKey: 'dti', ivimKey: null });
    const stop = AbortSignal.abort(new DOMException('stop', 'AbortError'));
    await expect(session.fit({ tensorKey: null, ivimKey: 'ivim' }, undefined, stop)).rejects.toThrow('stop');
    expect(session.analyse({ compressionSlices: [] }).tensor).not.toBeNull();
  });

  test('a series that was replaced no longer has maps', async () => {
    const session = sessionWith('dti');
    session.setMask(sampleMask());
    await session.fit({ tensorKey: 'dti', ivimKey: null });
    session.addVolume('dti', sampleTensorVolume(), SAMPLE_ORIGIN);
    expect(() => session.analyse({ compressionSlices: [] })).toThrow(/fit/);
  });
});
