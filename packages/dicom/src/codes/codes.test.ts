import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONCEPTS, UNITS, VALUES } from './concepts';
import { MYELON_CODES, MYELON_SCHEME } from './myelon-scheme';
import { FITTING_CODES, MODEL_CODES, QUANTITY_CODING, STATISTIC_CODES } from './quantities';

/** Splits one line of a CSV file with quoted fields. */
const fields = (line: string) =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)].map((match) => (match[1] ?? '').replace(/^"|"$/g, ''));

const table = readFileSync(join(__dirname, '../../../../docs/codes/99MYELON.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(fields);

describe('the published table of private codes', () => {
  it('has exactly the codes the program uses, with the same meanings', () => {
    const published = table.map(([, , value, meaning]) => `${String(value)} ${String(meaning)}`);
    const used = Object.values(MYELON_CODES).map(({ value, meaning }) => `${value} ${meaning}`);
    expect(published.sort()).toEqual(used.sort());
  });

  it('names this scheme and version in every line', () => {
    for (const [scheme, version] of table)
      expect([scheme, version]).toEqual([MYELON_SCHEME.designator, MYELON_SCHEME.version]);
  });

  it('never uses a value twice', () => {
    expect(new Set(table.map(([, , value]) => value)).size).toBe(table.length);
  });
});

describe('coded concepts', () => {
  const all = [CONCEPTS, VALUES, UNITS, MODEL_CODES, FITTING_CODES, STATISTIC_CODES, MYELON_CODES]
    .flatMap((group) => Object.values(group))
    .concat(Object.values(QUANTITY_CODING).map(({ concept }) => concept));

  it('fit their value representations', () => {
    for (const { value, scheme, meaning } of all) {
      expect(value.length).toBeLessThanOrEqual(16);
      expect(scheme.length).toBeLessThanOrEqual(16);
      expect(meaning.length).toBeLessThanOrEqual(64);
    }
  });

  it('give one meaning to one code', () => {
    const meanings = new Map<string, string>();
    for (const { value, scheme, meaning } of all) {
      expect(meanings.get(`${scheme} ${value}`) ?? meaning).toBe(meaning);
      meanings.set(`${scheme} ${value}`, meaning);
    }
  });
});
