import { InputRefused } from '@myelon/diffusion';
import dcmjs from 'dcmjs';
import type { Attributes } from './attributes';
import { withVR } from './attributes';
import { decimalString } from './decimal-string';
import { encodePart10 } from './encode';
import { newUID } from './uid';

const identity = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SOPInstanceUID: '2.25.1',
  StudyInstanceUID: '2.25.2',
  SeriesInstanceUID: '2.25.3',
  Modality: 'MR',
};

function roundTrip(attributes: Attributes) {
  const bytes = encodePart10({ ...identity, ...attributes });
  return dcmjs.data.DicomMessage.readFile(bytes.buffer as ArrayBuffer).dict;
}

describe('encodePart10 refuses', () => {
  const refusals: [string, Attributes, RegExp][] = [
    ['an unknown keyword', { PatientsName: 'A^B' }, /PatientsName: not a DICOM keyword/],
    ['pixel data without a VR', { PixelData: new Uint8Array(4) }, /PixelData: its VR depends on the image/],
    ['a short string of 17 characters', { StationName: 'x'.repeat(17) }, /longer than 16/],
    ['a long string of 65 characters', { SeriesDescription: 'x'.repeat(65) }, /longer than 64/],
    ['a code string in lower case', { BodyPartExamined: 'cspine' }, /not of the form/],
    ['a code string of 17 characters', { BodyPartExamined: 'X'.repeat(17) }, /longer than 16/],
    ['a decimal string of 17 characters', { SliceThickness: '1.234567890123456' }, /longer than 16/],
    ['NaN in a decimal string', { SliceThickness: Number.NaN }, /the number is NaN/],
    ['infinity in a double', { DiffusionBValue: Infinity }, /not a finite number/],
    ['NaN in float pixels', { FloatPixelData: new Float32Array([1, Number.NaN]) }, /not finite/],
    ['a fraction in an integer string', { SeriesNumber: 1.5 }, /not a whole number/],
    ['65536 in an unsigned short', { Rows: 65536 }, /not a whole number/],
    ['a UID with a leading zero', { FrameOfReferenceUID: '1.02.3' }, /not of the form/],
    ['a backslash inside a text', { SeriesDescription: 'a\\b' }, /not allowed/],
    ['a date that is not one', { StudyDate: '20241301' }, /not of the form/],
    ['an empty text instead of null', { SeriesDescription: '' }, /empty/],
    ['an empty type 1 attribute', { SOPInstanceUID: null }, /empty/],
    ['a wrong number of values', { PixelSpacing: [1] }, /1 values where 2/],
    ['a data set where a number belongs', { Rows: { CodeValue: 'x' } }, /not a whole number/],
    [
      'a fault deep in a sequence, with its path',
      { ReferencedSeriesSequence: [{ ReferencedInstanceSequence: [{ ReferencedSOPClassUID: 'no' }] }] },
      /ReferencedSeriesSequence\[1\] > ReferencedInstanceSequence\[1\] > ReferencedSOPClassUID/,
    ],
    ['an attribute given by keyword and by tag', { Rows: 1, '00280010': { vr: 'US', Value: [1] } }, /twice/],
  ];
  it.each(refusals)('%s', (_, attributes, message) => {
    const encode = () => encodePart10({ ...identity, ...attributes });
    expect(encode).toThrow(InputRefused);
    expect(encode).toThrow(message);
  });

  it('an object without a study', () => {
    expect(() => encodePart10({ ...identity, StudyInstanceUID: undefined })).toThrow(
      /StudyInstanceUID: missing/,
    );
  });
});

describe('encodePart10', () => {
  it('writes text in UTF-8 and says so', () => {
    const name = { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' };
    const dict = roundTrip({ PatientName: name, SeriesDescription: 'Rückenmark' });
    expect(dict['00080005']?.Value).toEqual(['ISO_IR 192']);
    expect(dict['0008103E']?.Value).toEqual(['Rückenmark']);
    expect(dict['00100010']?.Value?.[0]).toMatchObject(name);
  });

  it('keeps numbers, several values, nested sequences and empty attributes', () => {
    const dict = roundTrip({
      Rows: 15,
      ImagePositionPatient: [-12.5, 1e-7, 123456789.125],
      DiffusionBValue: 799.9999999999998,
      SeriesNumber: 7,
      AccessionNumber: null,
      SliceThickness: null,
      ReferencedSeriesSequence: [],
      AnatomicRegionSequence: [{ CodeValue: 'a', CodingSchemeDesignator: 'b', CodeMeaning: 'c' }],
      SmallestImagePixelValue: withVR('SS', -4),
      DimensionIndexPointer: 0x0062000b,
    });
    expect(dict['00280010']?.Value).toEqual([15]);
    expect(dict['00200032']?.Value).toEqual([-12.5, 1e-7, 123456789.125]);
    expect(dict['00189087']?.Value).toEqual([799.9999999999998]);
    expect(dict['00200011']?.Value).toEqual([7]);
    expect(dict['00280106']).toMatchObject({ vr: 'SS', Value: [-4] });
    expect(dict['00081115']?.Value).toEqual([]);
    const items = dict['00082218']?.Value as Record<string, { Value: unknown[] }>[];
    expect(items[0]?.['00080104']?.Value).toEqual(['c']);
    expect(Object.keys(dict)).toEqual(expect.arrayContaining(['00080050', '00180050']));
  });

  it('keeps pixels to the bit, odd lengths padded', () => {
    const words = new Uint16Array([0, 1, 4095, 65535]).subarray(1);
    const dict = roundTrip({ PixelData: withVR('OW', words) });
    const read = new Uint16Array(dict['7FE00010']?.Value?.[0] as ArrayBuffer);
    expect([...read]).toEqual([1, 4095, 65535]);
    const odd = roundTrip({ PixelData: withVR('OB', new Uint8Array([1, 2, 3])) });
    expect([...new Uint8Array(odd['7FE00010']?.Value?.[0] as ArrayBuffer)]).toEqual([1, 2, 3, 0]);
  });

  it('writes elements of another object as they stand, even over-long ones, and private ones', () => {
    const dict = roundTrip({
      '00200010': { vr: 'SH', Value: ['a study ID that is far too long'] },
      '00180087': { vr: 'DS', Value: [2.8936200141906738] },
      '00191010': { vr: 'LO', Value: ['SOMEONE'] },
      '00191001': { vr: 'OB', InlineBinary: 'AQI=' },
    });
    expect(dict['00200010']?.Value).toEqual(['a study ID that is far too long']);
    expect(dict['00180087']?.Value?.[0]).toBeCloseTo(2.8936200141906738, 13);
    expect(dict['00191010']?.Value).toEqual(['SOMEONE']);
    expect([...new Uint8Array(dict['00191001']?.Value?.[0] as ArrayBuffer)]).toEqual([1, 2]);
  });
});

describe('decimalString', () => {
  it.each([
    [8.123456789012345e-10, '8.1234567890e-10'],
    [-8.123456789012345e-10, '-8.123456789e-10'],
    [1 / 3, '0.33333333333333'],
    [-123456.78901234567, '-123456.78901235'],
    [1.2345678901234567e300, '1.234567890e+300'],
  ])('rounds %d to 16 characters', (value, expected) => {
    const { text, exact } = decimalString(value, 'test');
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) / value - 1)).toBeLessThan(1e-9);
    expect(Number(text)).toBe(Number(expected));
    expect(exact).toBe(false);
  });

  it('leaves short numbers exact', () => {
    expect(decimalString(0.41, 'test')).toEqual({ text: '0.41', exact: true });
    expect(decimalString(-0, 'test').text).toBe('0');
  });
});

describe('newUID', () => {
  it('gives UIDs of random UUIDs', () => {
    const uids = Array.from({ length: 500 }, newUID);
    expect(new Set(uids).size).toBe(500);
    for (const uid of uids) {
      expect(uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
      const bits = BigInt(uid.slice(5));
      expect(bits < 2n ** 128n).toBe(true);
      expect((bits >> 76n) & 0xfn).toBe(4n);
      expect((bits >> 62n) & 3n).toBe(2n);
    }
  });
});
