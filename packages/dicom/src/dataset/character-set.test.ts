import fc from 'fast-check';
import { decodeText } from './character-set';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('text in the character sets of DICOM', () => {
  // Examples of PS3.5 annexes H (Japanese), I (Korean), J (GB18030, UTF-8), K (GB2312).
  test.each([
    ['nothing declared', 'Adams^John', [], 'Adams^John'],
    ['Latin-1', 'Buc^J\xe9r\xf4me', ['ISO_IR 100'], 'Buc^Jérôme'],
    ['Cyrillic', '\xbb\xee\xda\x63\x65\xdc\xd1\xe3\xe0\xd3', ['ISO_IR 144'], 'Люк\u0063\u0065мбург'],
    ['Greek', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', ['ISO_IR 126'], 'Διονυσιος'],
    ['UTF-8', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1', ['ISO_IR 192'], 'Wang^XiaoDong=王^小東'],
    ['GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', ['GB18030'], 'Wang^XiaoDong=王^小东'],
    [
      'Japanese, kanji by escape',
      'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
      ['', 'ISO 2022 IR 87'],
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'Japanese, half-width katakana first',
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
    [
      'Korean',
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
      ['', 'ISO 2022 IR 149'],
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    ['Chinese by escape', 'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab', ['', 'ISO 2022 IR 58'], 'Zhang^XiaoDong=张^小东'],
    ['set named in another way', 'J\xc3\xa9r\xc3\xb4me', ['UTF-8'], 'Jérôme'],
    ['undeclared UTF-8', 'J\xc3\xa9r\xc3\xb4me', [], 'Jérôme'],
    ['undeclared Latin-1', 'J\xe9r\xf4me', [], 'Jérôme'],
  ])('%s', (_, raw, declared, expected) => {
    expect(decodeText(bytes(raw), declared)).toBe(expected);
  }); // prettier-ignore

  test('a backslash byte inside a two-byte character separates nothing', () => {
    // JIS X 0208 row 0x21, cell 0x5C: the bytes 0x21 0x5C are one character (PLUS SIGN, full width).
    expect(decodeText(bytes('\x1b$B!\\\x1b(B'), ['', 'ISO 2022 IR 87'])).toBe('＋');
  });

  test('no bytes in any declared set throw', () => {
    const declared = fc.array(
      fc.constantFrom(
        '',
        'ISO_IR 13',
        'ISO 2022 IR 87',
        'ISO 2022 IR 149',
        'GBK',
        'ISO_IR 192',
        'ISO_IR 999',
        'x',
      ),
      { maxLength: 3 },
    );
    const raw = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x1b, 0x24, 0x28, 0x5c)));
    fc.assert(
      fc.property(raw, declared, (values, sets) => {
        expect(typeof decodeText(Uint8Array.from(values), sets)).toBe('string');
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});
