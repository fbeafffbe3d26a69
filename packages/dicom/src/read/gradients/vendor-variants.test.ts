import type { Vector3 } from '@myelon/diffusion';
import { parsePart10 } from '../../dataset/part10';
import {
  ascii,
  fd,
  SAMPLE_ENCODINGS,
  samplePart10,
  us,
  type SampleElement,
} from '../../dataset/sample-part10';
import { cross } from '../vectors';
import { reasonToLeaveOut } from '../left-out';
import { readGradient } from './gradient-readers';

/** What software versions write differently, as bytes of a file in every uncompressed encoding. */
const [row, column]: Vector3[] = [[1, 0, 0], [0, 1, 0]]; // prettier-ignore
const axial = { row: row!, column: column!, normal: cross(row!, column!) };

type Elements = (little: boolean) => SampleElement[];
const encodings = Object.entries(SAMPLE_ENCODINGS);

function datasetOf(elements: Elements, encoding: (typeof encodings)[number][1]) {
  return parsePart10(samplePart10(elements(encoding.little), encoding)).dataset;
}

function sl(little: boolean, value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, value, little);
  return new Uint8Array(view.buffer);
}

const manufacturer = (name: string): SampleElement => ['00080070', 'LO', ascii(name)];

describe.each(encodings)('%s', (_, encoding) => {
  const read = (elements: Elements) => readGradient(datasetOf(elements, encoding), axial);

  describe('GE', () => {
    const image =
      (nominal: string, more: Elements): Elements =>
      (little) => [
        manufacturer('GE MEDICAL SYSTEMS'),
        ['00180018', 'CS', ascii('COL ')],
        ['00190010', 'LO', ascii('GEMS_ACQU_01')],
        ...more(little),
        ['00430010', 'LO', ascii('GEMS_PARM_01')],
        ['00431039', 'IS', ascii(nominal)],
      ];
    const mode = (little: boolean, value: number): SampleElement[] => [
      ['001910E0', 'DS', ascii('3 ')],
      ['00210010', 'LO', ascii('GEMS_RELA_01')],
      ['0021105A', 'SL', sl(little, value)],
    ];

    test('three-direction mode: an image without vector is weighted, no b0', () => {
      const all = read(image('1000000800\\8\\0\\0', (little) => mode(little, 7)));
      expect(all).toMatchObject({ bValue: 800, direction: null, directionality: 'isotropic' });
    });

    test('tensor mode: an image without vector is a b0, whatever its b-value says', () => {
      expect(read(image('900\\8\\0\\0', (little) => mode(little, 16)))).toMatchObject({ bValue: 0 });
    });

    test('b-values beyond 10000 are kept, only the offset goes', () => {
      expect(read(image('1000030000\\8\\0\\0', (little) => mode(little, 7)))?.bValue).toBe(30000);
    });

    test.each([
      [1, 'phase image'],
      [2, 'real part of a complex image'],
      [0, undefined],
    ])('pixels of kind %d', (kind, why) => {
      const dataset = datasetOf(
        (little) => [
          manufacturer('GE MEDICAL SYSTEMS'),
          ['00430010', 'LO', ascii('GEMS_PARM_01')],
          ['0043102F', 'SS', us(little, kind)],
        ],
        encoding,
      );
      expect(reasonToLeaveOut(dataset)).toBe(why);
    });
  });

  test('Philips: 0018,9075 marks the isotropic volume of low b too', () => {
    const reading = read((little) => [
      manufacturer('Philips'),
      ['00189075', 'CS', ascii('ISOTROPIC ')],
      ['00189087', 'FD', fd(little, 20)],
      ['20010010', 'LO', ascii('Philips Imaging DD 001')],
      ['20011003', 'FL', float(little, 20)],
    ]);
    expect(reading).toMatchObject({ bValue: 20, direction: null, directionality: 'isotropic' });
  });

  test('any vendor: a b-matrix alone, without sequence, b-value or vector', () => {
    const g: Vector3 = [0.48, -0.6, 0.64];
    const products = [[0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 2]] as const; // prettier-ignore
    const reading = read((little) =>
      products.map(([p, q], index) => [
        `0018960${String(index + 2)}`,
        'FD',
        fd(little, 700 * (g[p] ?? 0) * (g[q] ?? 0)),
      ]),
    );
    expect(reading?.bValue).toBeCloseTo(700, 6);
    const along = g.reduce((sum, value, axis) => sum + value * (reading?.direction?.[axis] ?? 0), 0);
    expect(Math.abs(along)).toBeCloseTo(1, 8);
  });

  test('Siemens XA classic: 0019 elements without a CSA header', () => {
    const reading = read((little) => [
      manufacturer('Siemens Healthineers'),
      ['00190010', 'LO', ascii('SIEMENS MR HEADER')],
      ['0019100C', 'IS', ascii('500 ')],
      ['0019100D', 'CS', ascii('DIRECTIONAL ')],
      ['0019100E', 'FD', fd(little, 0, -0.6, 0.8)],
    ]);
    expect(reading).toMatchObject({ bValue: 500, direction: [0, -0.6, 0.8], directionality: 'directional' });
  });

  test('a Siemens trace image has a b-value and no direction', () => {
    const reading = read(() => [
      manufacturer('SIEMENS'),
      ['00190010', 'LO', ascii('SIEMENS MR HEADER')],
      ['0019100C', 'IS', ascii('50')],
      ['0019100D', 'CS', ascii('ISOTROPIC ')],
    ]);
    expect(reading).toMatchObject({ bValue: 50, direction: null, directionality: 'isotropic' });
  });
});

function float(little: boolean, value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, little);
  return new Uint8Array(view.buffer);
}
