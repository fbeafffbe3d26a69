import { exampleRecord } from '../panels/gallery/example-record';
import { profileOf } from './profile';
import { emptyReading, type ReadingState } from './reading-state';
import { sectionState, sectionSummary, sliceList } from './summaries';

const record = exampleRecord({ ivim: true, compression: true });
const measured: ReadingState = {
  ...emptyReading('1.2.3'),
  metrics: {
    ...emptyReading(null).metrics,
    state: { kind: 'done' },
    record,
    compressionSlices: record.compressionSlices,
  },
};

describe('summaries', () => {
  it('names slices as people do, from 1, runs joined', () => {
    expect(sliceList([9, 7, 8, 11])).toBe('8-10, 12');
    expect(sliceList([])).toBe('');
  });

  it('gives FA with two decimals and f in percent of the compression', () => {
    expect(sectionSummary(measured, 'metrics')).toBe('Compression: FA 0.37, f 7.3 %');
  });

  it('shows a dash, not zero, where f is missing', () => {
    const without = exampleRecord({ ivim: false, compression: true });
    const state = { ...measured, metrics: { ...measured.metrics, record: without } };
    expect(sectionSummary(state, 'metrics')).toBe('Compression: FA 0.37, f –');
  });

  it('keeps the statement closed until outline, level and quality are confirmed', () => {
    expect(sectionState(measured, 'prognosis').kind).toBe('ready');
    expect(sectionSummary(measured, 'prognosis')).toMatch(/confirmed/);
    const confirmed = { ...measured, confirmations: { outline: true, level: true, quality: true } };
    expect(sectionState(confirmed, 'prognosis').kind).toBe('done');
    expect(sectionSummary(confirmed, 'prognosis')).toMatch(/both below/);
  });
});

describe('profile along the cord', () => {
  it('is one mean per slice in the unit people read, with the cut-off of the statement', () => {
    const f = profileOf(record, 'ivim_f');
    expect(f.slices).toHaveLength(15);
    expect(f.mean[8]).toBeCloseTo(7.3, 0);
    expect(f.cutOff?.value).toBeCloseTo(9.5, 6);
    expect(f.compression).toEqual([8, 9]);
    expect(Math.min(...f.low)).toBeGreaterThanOrEqual(f.range[0]);
    expect(Math.max(...f.high)).toBeLessThanOrEqual(f.range[1]);
  });

  it('is empty where a quantity is missing everywhere', () => {
    expect(profileOf(exampleRecord({ ivim: false, compression: true }), 'ivim_f').slices).toEqual([]);
  });
});
