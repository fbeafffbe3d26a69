import fc from 'fast-check';
import { parseDecimal } from './access';
import { decimalValues } from './decimal-values';

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe('decimals straight from bytes', () => {
  test('are what JavaScript reads from the text, to the last bit', () => {
    const texts = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => value.toFixed(8)),
      fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => value.toPrecision(16)),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 6 }), (parts) => {
        const values = decimalValues(bytesOf(parts.join('\\')));
        if (values) expect(values).toEqual(parts.map(Number));
      }),
      { numRuns: 2000, seed: 3 },
    );
  });

  test.each([
    ['1.5\\-2\\+3 ', [1.5, -2, 3]],
    [' 12.\\.5\0', [12, 0.5]],
    ['1\\\\2', [1, null, 2]],
    ['-0.000000', [-0]],
    ['900719925474099', [900719925474099]],
  ])('%j', (text, values) => {
    expect(decimalValues(bytesOf(text))).toEqual(values);
  });

  test.each(['1e3', 'n/a', '1.2.3', '.', '-', '1 2', '12345678901234567890', '0x10', '1,5'])(
    '%j is left to the way by text',
    (text) => {
      expect(decimalValues(bytesOf(text))).toBeUndefined();
    },
  );

  test('anything at all: the same as by text, or left to it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0159.+-e \\'), maxLength: 12 }), (text) => {
        for (const [index, value] of (decimalValues(bytesOf(text)) ?? []).entries()) {
          const part = (text.split('\\')[index] ?? '').trim();
          expect(value).toEqual(part === '' ? null : parseDecimal(part));
        }
      }),
      { numRuns: 3000, seed: 4 },
    );
  });
});
