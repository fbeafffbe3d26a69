import { decodeText } from './character-set';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('text of an element', () => {
  // PS3.5 Annex H and I give these names as examples.
  it.each([
    ['Latin-1', ['ISO_IR 100'], latin1('Buc^Jérôme'), 'Buc^Jérôme'],
    ['Greek', ['ISO_IR 126'], hex('c4e9efedf5f3e9eff2'), 'Διονυσιος'],
    [
      'Japanese, kanji by escape',
      ['', 'ISO 2022 IR 87'],
      hex('59616d6164615e5461726f753d 1b2442 3b33 4544 1b2842 5e 1b2442 4240 4f3a 1b2842'),
      'Yamada^Tarou=山田^太郎',
    ],
    [
      'Japanese, half-width katakana first',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      hex('d4cfc05e c0dbb3 3d 1b2442 3b33 4544 1b284a 5e 1b2442 4240 4f3a 1b284a'),
      'ﾔﾏﾀ^ﾀﾛｳ=山田^太郎',
    ],
    [
      'Korean',
      ['', 'ISO 2022 IR 149'],
      hex('486f6e675e47696c646f6e673d 1b242943 fbf3 5e 1b242943 d1ce d4d7'),
      'Hong^Gildong=洪^吉洞',
    ],
    ['Chinese GB18030', ['GB18030'], hex('57616e675e58 3d cdf5 5e d0a1 b6ab'), 'Wang^X=王^小东'],
    ['UTF-8', ['ISO_IR 192'], Uint8Array.from(Buffer.from('王^小东')), '王^小东'],
    ['a misspelt character set', ['ISO-IR-100'], latin1('Müller'), 'Müller'],
    ['no character set, but UTF-8', [], Uint8Array.from(Buffer.from('Müller')), 'Müller'],
    ['no character set, but Latin-1', [], latin1('Müller'), 'Müller'],
    ['an unknown character set', ['ISO_IR 9999'], latin1('Müller'), 'Müller'],
  ])('is read in %s', (_name, characterSet, bytes, expected) => {
    expect(decodeText(bytes, 'PN', characterSet)).toBe(expected);
  });

  it('is read, somehow, whatever the bytes', () => {
    for (const set of [
      ['ISO 2022 IR 87'],
      ['', 'ISO 2022 IR 149'],
      ['GB18030'],
      ['ISO_IR 192'],
      ['ISO 2022 IR 58'],
    ]) {
      for (let seed = 0; seed < 200; seed++) {
        const bytes = Uint8Array.from({ length: 12 }, (_, index) => (seed * 97 + index * 61 + 27) & 0xff);
        expect(typeof decodeText(bytes, 'LO', set)).toBe('string');
      }
    }
  });

  it('is ASCII in coded values, whatever the character set', () => {
    expect(decodeText(latin1('ORIGINAL\\PRIMARY'), 'CS', ['ISO 2022 IR 87'])).toBe('ORIGINAL\\PRIMARY');
  });
});
