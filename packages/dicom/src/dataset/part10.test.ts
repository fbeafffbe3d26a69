import { deflateSync } from 'fflate';
import { InputRefused } from '@myelon/diffusion';
import { binary, integer, item, items, number, numbers, personName, string, strings } from './access';
import { parsePart10 } from './part10';
import {
  ascii,
  fd,
  joinBytes,
  SAMPLE_ENCODINGS,
  sampleDataset,
  sampleFileMeta,
  samplePart10,
  us,
  type SampleElement,
  type SampleEncoding,
} from './sample-part10';
import { Tag } from './tags';

function elements(little: boolean): SampleElement[] {
  return [
    ['00080005', 'CS', ascii('ISO_IR 100')],
    ['00080008', 'CS', ascii('ORIGINAL\\PRIMARY\\DIFFUSION')],
    ['00080018', 'UI', ascii('1.2.3.45\0')],
    ['00100010', 'PN', ascii('M\xfcller^Anna')],
    [
      '00189117',
      'SQ',
      [[['00189087', 'FD', fd(little, 800)], ['00189089', 'FD', fd(little, 0.6, 0, -0.8)]], [['00189087', 'FD', fd(little, 0)]]],
    ],
    ['00190010', 'LO', ascii('SIEMENS MR HEADER')],
    ['0019100C', 'UN', ascii('800 ')],
    ['00200013', 'IS', ascii(' 12.0')],
    ['00200032', 'DS', ascii('-1.5\\ 2e1 \\3')],
    ['00209165', 'AT', us(little, 0x20, 0x9057)],
    ['00280010', 'US', us(little, 2)],
    ['7FE00010', 'OW', us(little, 1, 2, 3, 4)],
  ]; // prettier-ignore
}

const encodings: [string, SampleEncoding][] = [
  ...Object.entries(SAMPLE_ENCODINGS),
  ['explicit, undefined lengths', { ...SAMPLE_ENCODINGS.explicitLittle, undefinedLength: true }],
  ['implicit, undefined lengths', { ...SAMPLE_ENCODINGS.implicitLittle, undefinedLength: true }],
];

describe.each(encodings)('a file in %s', (_, encoding) => {
  const file = parsePart10(samplePart10(elements(encoding.little), encoding));
  const { dataset } = file;

  test('gives values as DICOM JSON has them', () => {
    expect(strings(dataset, Tag.ImageType)).toEqual(['ORIGINAL', 'PRIMARY', 'DIFFUSION']);
    expect(string(dataset, Tag.SOPInstanceUID)).toBe('1.2.3.45');
    expect(dataset[Tag.PatientName]).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Müller^Anna' }] });
    expect(personName(dataset, Tag.PatientName)?.alphabetic).toBe('Müller^Anna');
    expect(integer(dataset, Tag.InstanceNumber)).toBe(12);
    expect(numbers(dataset, Tag.ImagePositionPatient)).toEqual([-1.5, 20, 3]);
    expect(dataset[Tag.DimensionIndexPointer]).toEqual({ vr: 'AT', Value: ['00209057'] });
    expect(dataset[Tag.Rows]).toEqual({ vr: 'US', Value: [2] });
  });

  test('gives sequences with their items', () => {
    expect(items(dataset, Tag.MRDiffusionSequence)).toHaveLength(2);
    const first = item(dataset, Tag.MRDiffusionSequence) ?? {};
    expect(number(first, Tag.DiffusionBValue)).toBe(800);
    expect(numbers(first, Tag.DiffusionGradientOrientation)).toEqual([0.6, 0, -0.8]);
  });

  test('keeps private elements as bytes and pixels apart', () => {
    expect(binary(dataset, '0019100C')).toEqual(ascii('800 '));
    expect(Tag.PixelData in dataset).toBe(false);
    expect(file.pixelData).toMatchObject({ kind: 'native', bytes: us(encoding.little, 1, 2, 3, 4) });
    expect(file.transferSyntax.uid).toBe(encoding.transferSyntax);
    expect(string(file.fileMeta, Tag.TransferSyntaxUID)).toBe(encoding.transferSyntax);
  });
});

test('a deflated file reads like an uncompressed one', () => {
  const plain = sampleDataset(elements(true), SAMPLE_ENCODINGS.explicitLittle);
  const deflated = joinBytes(sampleFileMeta('1.2.840.10008.1.2.1.99'), deflateSync(plain));
  const whole = samplePart10(elements(true), SAMPLE_ENCODINGS.explicitLittle);
  expect(parsePart10(deflated).dataset).toEqual(parsePart10(whole).dataset);
  expect(parsePart10(deflated).pixelData).toEqual(parsePart10(whole).pixelData);
});

describe('files that are not whole', () => {
  const whole = samplePart10(elements(true), SAMPLE_ENCODINGS.explicitLittle);

  test.each([
    ['empty', new Uint8Array(0), /not a DICOM file/],
    ['text', new TextEncoder().encode('a'.repeat(1000)), /not a DICOM file/],
    ['cut inside the pixels', whole.subarray(0, whole.length - 2), /damaged|cut off|ends inside/],
    ['cut inside the header', whole.subarray(0, 300), /damaged|cut off|ends inside/],
    ['deflated rubbish', joinBytes(sampleFileMeta('1.2.840.10008.1.2.1.99'), ascii('not deflated at all')), /damaged/],
    [
      'a deflated bomb',
      joinBytes(sampleFileMeta('1.2.840.10008.1.2.1.99'), deflateSync(new Uint8Array(8 << 20))),
      /grows without end/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => parsePart10(bytes, 'x.dcm').dataset).toThrow(InputRefused);
    expect(() => parsePart10(bytes, 'x.dcm').dataset).toThrow(message);
  }); // prettier-ignore

  test('any cut is refused or leaves whole elements, never invented ones', () => {
    const complete = parsePart10(whole).dataset;
    for (let end = 0; end < whole.length; end++) {
      try {
        const { dataset } = parsePart10(whole.subarray(0, end));
        for (const [tag, element] of Object.entries(dataset)) expect(element).toEqual(complete[tag]);
      } catch (problem) {
        expect(problem).toBeInstanceOf(InputRefused);
      }
    }
  });
});

describe('values of careless writers', () => {
  const of = (vr: string, ...Value: unknown[]) => ({ '00280010': { vr, Value } });
  test.each([
    ['DS with padding', of('DS', ' 1.5  '), 1.5],
    ['DS as text, as PS3.18 allows', of('DS', '800'), 800],
    ['not a number', of('DS', 'n/a'), undefined],
    ['null for empty', of('IS', null), undefined],
    ['no value', { '00280010': { vr: 'DS' } }, undefined],
    ['comma is not guessed', of('DS', '1,5'), undefined],
    ['absent', {}, undefined],
  ])('%s', (_, dataset, expected) => {
    expect(number(dataset, Tag.Rows)).toBe(expected);
  });

  test('1000.0 in an IS is whole, 1.5 is not', () => {
    expect(integer(of('IS', '1000.0'), Tag.Rows)).toBe(1000);
    expect(integer(of('IS', 1.5), Tag.Rows)).toBeUndefined();
  });
});
