import { readFileSync } from 'node:fs';
import { FA_F_RULE } from '@myelon/prognosis';
import { describeWithSharedData, sharedData } from '../support/shared-data';

interface Rule {
  readonly LR: number;
  readonly LR_ci95: readonly [number, number];
}
interface ScoreModel {
  readonly source: { readonly cut_fa: number; readonly cut_f_pct: number };
  readonly rule_2x2: Readonly<Record<'both' | 'none' | 'exactly_one', Rule>>;
  readonly valid_range: { readonly fa: readonly number[]; readonly f_pct: readonly number[] };
}

describeWithSharedData('the 2 x 2 rule beside the derivation of the score', ['score'], () => {
  const model = (): ScoreModel =>
    JSON.parse(readFileSync(sharedData('score', 'fa_f_score_model.json'), 'utf8')) as ScoreModel;

  it.each([
    ['both', 'both'],
    ['neither', 'none'],
    ['exactlyOne', 'exactly_one'],
  ] as const)('has its likelihood ratio and interval for %s', (ours, theirs) => {
    const rule = FA_F_RULE.likelihoodRatio[ours];
    const { LR, LR_ci95 } = model().rule_2x2[theirs];
    expect(rule.value / LR).toBeCloseTo(1, 3);
    expect(rule.low / LR_ci95[0]).toBeCloseTo(1, 3);
    expect(rule.high / LR_ci95[1]).toBeCloseTo(1, 3);
  });

  it('has its cut-offs and valid ranges', () => {
    const { source, valid_range } = model();
    expect(FA_F_RULE.fa.cutOff).toBe(source.cut_fa);
    expect(100 * FA_F_RULE.f.cutOff).toBeCloseTo(source.cut_f_pct, 12);
    expect([...FA_F_RULE.fa.validRange]).toEqual(valid_range.fa);
    expect(FA_F_RULE.f.validRange.map((f) => 100 * f)).toEqual(valid_range.f_pct);
  });
});
