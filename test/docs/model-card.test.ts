import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  ASSUMPTIONS,
  DERIVED_SCORE,
  DERIVED_WEIGHTS,
  FA_F_RULE,
  MIN_CELL,
  MIN_SITE,
} from '@myelon/prognosis';

// Tables are padded and paragraphs wrapped by the formatter.
const lines = readFileSync(resolve(__dirname, '../../docs/model-card.md'), 'utf8')
  .split('\n')
  .map((line) => line.replaceAll(/\s+/g, ' ').trim());
const card = lines.join(' ');
const row = (name: string) => lines.find((line) => line.startsWith(`| ${name} |`)) ?? '';

test('the model card has the constants of the code', () => {
  expect(card).toContain(`\`${FA_F_RULE.id}\` ${FA_F_RULE.version}`);
  expect(card).toContain(`\`${DERIVED_SCORE.id}\` ${DERIVED_SCORE.version}`);
  expect(row('w_FA')).toContain(DERIVED_WEIGHTS.weightFa.toFixed(4));
  expect(row('w_f')).toContain(DERIVED_WEIGHTS.weightF.toFixed(4));
  expect(row('correlation within an outcome')).toContain(DERIVED_WEIGHTS.correlation.toFixed(4));
  expect(row('s_FA')).toContain(`${String(ASSUMPTIONS.sdFa.value)} | ${ASSUMPTIONS.sdFa.provenance}`);
  expect(row('s_f')).toContain(`${String(ASSUMPTIONS.sdFPercent.value)} points | assumed`);
  const digits = (value: number) => String(Number(value.toPrecision(2)));
  const { both, neither } = FA_F_RULE.likelihoodRatio;
  for (const [name, { value, low, high }] of [
    ['likelihood ratio, both at or above', both],
    ['likelihood ratio, neither', neither],
  ] as const)
    expect(row(name)).toContain(`${digits(value)} (${digits(low)} to ${digits(high)})`);
  expect(card).toContain(
    `FA ± ${FA_F_RULE.fa.greyZone.toFixed(3)}, f ± ${(100 * FA_F_RULE.f.greyZone).toFixed(1)} points`,
  );
  expect(card).toContain(`fewer than ${String(MIN_SITE)} patients, and no cell under ${String(MIN_CELL)}`);
});
