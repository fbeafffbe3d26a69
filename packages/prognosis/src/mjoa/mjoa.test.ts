import { checkedClinicalForm, EMPTY_CLINICAL_FORM } from './clinical-form';
import { MJOA_SCALES, MJOA_VERSIONS } from './mjoa-scales';
import { mjoaFromItems, mjoaFromTotal, mjoaMinimalImportantChange, mjoaSeverity } from './mjoa-score';
import { recoveryRate } from './recovery-rate';

const m18 = (total: number) => mjoaFromTotal('mjoa-18', total);
const m17 = (total: number) => mjoaFromTotal('mjoa-17', total);

function rate(pre: number, post: number, of: typeof m18 | typeof m17 = m18) {
  const found = recoveryRate(of(pre), of(post));
  if (found.kind !== 'rate') throw new Error(found.why);
  return found;
}

describe('the scales', () => {
  it.each(MJOA_VERSIONS)('%s: the best answers add up to its maximum, the worst to 0', (version) => {
    const { items, maximum } = MJOA_SCALES[version];
    const answers = (pick: (levels: readonly unknown[]) => number) =>
      Object.fromEntries(items.map(({ id, levels }) => [id, pick(levels)]));
    expect(
      mjoaFromItems(
        version,
        answers((levels) => levels.length - 1),
      ).total,
    ).toBe(maximum);
    expect(
      mjoaFromItems(
        version,
        answers(() => 0),
      ).total,
    ).toBe(0);
  });

  it('refuse what is not theirs', () => {
    const items = { 'motor-upper': 5, 'motor-lower': 7, 'sensation-upper': 3, sphincter: 3 };
    expect(mjoaFromItems('mjoa-18', items).total).toBe(18);
    expect(() => mjoaFromItems('mjoa-17', items)).toThrow(/Hands is 5, it goes from 0 to 4/);
    expect(() => mjoaFromItems('joa-17', { ...items, 'motor-upper': 4 })).toThrow(/Walking is 7/);
    expect(() => mjoaFromItems('mjoa-18', { ...items, 'sensation-lower': 2 })).toThrow(/no item of it/);
    expect(() => mjoaFromItems('mjoa-18', { 'motor-upper': 5 })).toThrow(/Walking is not scored/);
    expect(() => m17(18)).toThrow(/0 to 17/);
    expect(() => m18(12.5)).toThrow(/12.5 cannot be/);
    expect(() => m18(-1)).toThrow(/cannot be/);
  });
});

it('severity has bands for the 18-point version only', () => {
  expect([18, 17, 15, 14, 12, 11, 0].map((total) => mjoaSeverity(m18(total)))).toEqual([
    'none',
    'mild',
    'mild',
    'moderate',
    'moderate',
    'severe',
    'severe',
  ]);
  expect(mjoaSeverity(m17(14))).toBeNull();
  expect([18, 16, 13, 5].map((total) => mjoaMinimalImportantChange(m18(total)))).toEqual([null, 1, 2, 3]);
});

describe('recoveryRate', () => {
  it('is the share of the lost points that came back', () => {
    expect(rate(10, 14)).toMatchObject({ percent: 50, changePoints: 4, band: 'good', recovered: true });
    expect(rate(12, 18).percent).toBe(100);
    expect(rate(10, 13)).toMatchObject({ percent: 37.5, band: 'fair', recovered: false });
    expect(rate(10, 10)).toMatchObject({ percent: 0, band: 'poor' });
  });

  it('of the same points differs between versions, and crosses one half', () => {
    expect(rate(10, 14, m17).percent).toBeCloseTo(57.14, 2);
    expect(rate(10, 14).percent).toBe(50);
  });

  it('is undefined when nothing was lost, whatever came after', () => {
    expect(recoveryRate(m18(18), m18(18))).toMatchObject({ kind: 'undefined', changePoints: 0 });
    expect(recoveryRate(m18(18), m18(15))).toMatchObject({ kind: 'undefined', changePoints: -3 });
    expect(recoveryRate(m17(17), m17(17)).kind).toBe('undefined');
  });

  it('is negative without bound after deterioration, and says so', () => {
    expect(rate(17, 14)).toMatchObject({ percent: -300, changePoints: -3, recovered: false });
    expect(rate(17, 14).remarks).toEqual([
      expect.stringMatching(/only be 100, 0 or negative/),
      expect.stringMatching(/worse than before/),
    ]);
  });

  it('refuses to mix versions, also two of 17 points', () => {
    expect(() => recoveryRate(m18(10), m17(14))).toThrow(/18 points.*17 points.*one version/);
    expect(() => recoveryRate(m17(10), mjoaFromTotal('joa-17', 14))).toThrow(/one version/);
  });
});

describe('checkedClinicalForm', () => {
  const entry = (score: unknown) => ({ score, date: '2026-01-05' });

  it('takes an empty form and a full one', () => {
    expect(checkedClinicalForm(EMPTY_CLINICAL_FORM)).toEqual(EMPTY_CLINICAL_FORM);
    const full = {
      pre: entry(m18(10)),
      post: entry(m18(14)),
      nurickPre: 3,
      nurickPost: null,
      predictors: { age: 61, smoking: 0 },
    };
    expect(checkedClinicalForm(full)).toEqual(full);
  });

  it('refuses mixed versions, totals that are not their items, and dates that are none', () => {
    const form = { ...EMPTY_CLINICAL_FORM, pre: entry(m18(10)), post: entry(m17(14)) };
    expect(() => checkedClinicalForm(form)).toThrow(/mjoa-18 before and mjoa-17 after/);
    const items = { 'motor-upper': 5, 'motor-lower': 7, 'sensation-upper': 3, sphincter: 3 };
    const wrong = { version: 'mjoa-18', total: 12, maximum: 18, items };
    expect(() => checkedClinicalForm({ ...EMPTY_CLINICAL_FORM, pre: entry(wrong) })).toThrow(
      /items give 18 of 18/,
    );
    const late = { score: m18(10), date: '05.01.2026' };
    expect(() => checkedClinicalForm({ ...EMPTY_CLINICAL_FORM, pre: late })).toThrow(/date/i);
    expect(() => checkedClinicalForm({ ...EMPTY_CLINICAL_FORM, nurickPre: 6 })).toThrow(/nurickPre/);
  });
});
