import type { Vector3 } from '@myelon/diffusion';
import { bytesToBase64 } from '../../dataset/base64';
import type { DicomJsonDataset, DicomJsonElement } from '../../dataset/dicom-json';
import { ascii, fd, us } from '../../dataset/sample-part10';
import { Tag } from '../../dataset/tags';
import type { ImageOrientation } from '../image-plane';
import { element } from '../sample-series';
import { cross } from '../vectors';
import { readGradient } from './gradient-readers';

/** As private elements come out of implicit VR, or through a PACS that does not know them. */
function raw(bytes: Uint8Array): DicomJsonElement {
  return { vr: 'UN', InlineBinary: bytesToBase64(bytes) };
}

function fl(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function oriented(row: Vector3, column: Vector3): ImageOrientation {
  return { row, column, normal: cross(row, column) };
}

const axial = oriented([1, 0, 0], [0, 1, 0]);
const sagittal = oriented([0, 1, 0], [0, 0, -1]);
const coronal = oriented([1, 0, 0], [0, 0, -1]);
/** Axial plane turned 30 degrees about the left-right axis. */
const tilted = oriented([1, 0, 0], [0, Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]);

function read(dataset: DicomJsonDataset, orientation = axial) {
  const reading = readGradient(dataset, orientation);
  return reading && { b: reading.bValue, direction: reading.direction, kind: reading.directionality };
}

function expectDirection(dataset: DicomJsonDataset, orientation: ImageOrientation, expected: Vector3): void {
  const direction = readGradient(dataset, orientation)?.direction;
  expect(direction).toBeTruthy();
  for (const axis of [0, 1, 2] as const) expect(direction?.[axis]).toBeCloseTo(expected[axis], 5);
}

describe('Siemens private elements', () => {
  const header = {
    [Tag.Manufacturer]: element('LO', 'SIEMENS'),
    '00190010': element('LO', 'SIEMENS MR HEADER'),
  };

  test.each([
    ['typed', { '0019100C': element('IS', 800), '0019100E': element('FD', 0.6, 0, -0.8) }],
    ['raw', { '0019100C': raw(ascii('800')), '0019100E': raw(fd(true, 0.6, 0, -0.8)) }],
  ])('b and direction, %s', (_, elements) => {
    expect(read({ ...header, ...elements })).toEqual({
      b: 800,
      direction: [0.6, 0, -0.8],
      kind: 'directional',
    });
  });

  test('in another block than 10, found by creator', () => {
    const other = {
      '00190011': element('LO', 'SIEMENS MR HEADER'),
      '0019110C': element('IS', 800),
      '0019110E': element('FD', 0, 1, 0),
      '00190010': element('LO', 'SOMEONE ELSE'),
      '0019100C': element('IS', 7),
    };
    expect(read(other)?.b).toBe(800);
  });

  test('without the creator element, only when the manufacturer is Siemens', () => {
    const stripped = { '0019100C': element('IS', 800), '0019100E': element('FD', 0, 1, 0) };
    expect(read({ ...stripped, [Tag.Manufacturer]: element('LO', 'Siemens Healthineers') })?.b).toBe(800);
    expect(read({ ...stripped, [Tag.Manufacturer]: element('LO', 'GE MEDICAL SYSTEMS') })).toBeUndefined();
  });

  test('b0 without direction, and the axis of the b-matrix when the direction is gone', () => {
    expect(read({ ...header, '0019100C': element('IS', 0) })).toEqual({
      b: 0,
      direction: null,
      kind: 'none',
    });
    const g: Vector3 = [0.48, -0.6, 0.64];
    const [x, y, z] = g;
    const matrix = [x * x, x * y, x * z, y * y, y * z, z * z].map((value) => 1000 * value);
    const byMatrix = { ...header, '0019100C': element('IS', 1000), '00191027': element('FD', ...matrix) };
    const direction = readGradient(byMatrix, axial)?.direction;
    const dot = (direction ?? [0, 0, 0]).reduce((sum, value, axis) => sum + value * (g[axis] ?? 0), 0);
    expect(Math.abs(dot)).toBeCloseTo(1, 6);
  });

  test('a direction that contradicts the b-matrix is said', () => {
    const reading = readGradient(
      {
        ...header,
        '0019100C': element('IS', 1000),
        '0019100E': element('FD', 1, 0, 0),
        '00191027': element('FD', 0, 0, 0, 1000, 0, 0),
      },
      axial,
    );
    expect(reading?.warnings.join()).toMatch(/more than 1 degree/);
  });
});

describe('Philips private elements', () => {
  const header = {
    [Tag.Manufacturer]: element('LO', 'Philips Medical Systems'),
    '20010010': element('LO', 'Philips Imaging DD 001'),
    '20050010': element('LO', 'Philips MR Imaging DD 001'),
  };
  const direction = { '200510B0': raw(fl(0.6)), '200510B1': raw(fl(0)), '200510B2': raw(fl(0.8)) };

  test('b and direction as raw floats', () => {
    const dataset = { ...header, '20011003': raw(fl(800)), ...direction };
    expect(read(dataset)?.b).toBe(800);
    expectDirection(dataset, axial, [0.6, 0, 0.8]);
  });

  test('a unit direction on a b0 says nothing', () => {
    expect(read({ ...header, '20011003': raw(fl(0.001)), ...direction })?.direction).toBeNull();
  });

  test('an isotropic image has no direction even when numbers are there', () => {
    const dataset = { ...header, '20011003': raw(fl(800)), '20011004': element('CS', 'I'), ...direction };
    expect(read(dataset)).toEqual({ b: 800, direction: null, kind: 'isotropic' });
  });

  test('nested copies with absurd values are not looked at', () => {
    const nested = element('SQ', {
      [Tag.DiffusionBValue]: element('FD', 7.23e75),
      [Tag.DiffusionDirectionality]: element('CS', 'NONE'),
    });
    const dataset = { ...header, '20011003': raw(fl(800)), ...direction, '2005140F': nested };
    expect(read(dataset)?.kind).toBe('directional');
  });
});

describe('GE private elements', () => {
  const g: Vector3 = [0.48, -0.6, 0.64];
  const header = {
    [Tag.Manufacturer]: element('LO', 'GE MEDICAL SYSTEMS'),
    '00190010': element('LO', 'GEMS_ACQU_01'),
    '00430010': element('LO', 'GEMS_PARM_01'),
  };
  const vector = ([x, y, z]: Vector3) => ({
    '001910BB': element('DS', x),
    '001910BC': element('DS', y),
    '001910BD': element('DS', z),
  });
  const weighted = (b: number, phase?: string) => ({
    ...header,
    ...vector(g),
    '00431039': element('IS', b, 8, 0, 0),
    '001910E0': element('DS', 6),
    ...(phase ? { [Tag.InPlanePhaseEncodingDirection]: element('CS', phase) } : {}),
  });

  // LPS by hand: frequency and phase axes of each plane as GE lays them, for g = (0.48, -0.6, 0.64).
  test.each([
    ['axial, COL', axial, 'COL', [-0.48, 0.6, 0.64]],
    ['axial, ROW', axial, 'ROW', [0.6, 0.48, 0.64]],
    ['sagittal, COL', sagittal, 'COL', [0.64, 0.48, 0.6]],
    ['sagittal, ROW', sagittal, 'ROW', [0.64, -0.6, 0.48]],
    ['coronal, COL', coronal, 'COL', [-0.48, 0.64, 0.6]],
    ['coronal, ROW', coronal, 'ROW', [-0.6, 0.64, -0.48]],
  ] as const)('%s', (_, orientation, phase, expected) => {
    expectDirection(weighted(1000, phase), orientation, expected);
  });

  test('b with the offset of 1e9, also as text', () => {
    expect(read(weighted(1_000_000_800))?.b).toBe(800);
    expect(read({ ...weighted(0), '00431039': element('IS', '1000000800', '8') })?.b).toBe(800);
  });

  test('a vector shorter than 1 scales b', () => {
    const half = Math.SQRT1_2;
    const dataset = { ...weighted(2000), ...vector([half * g[0], half * g[1], half * g[2]]) };
    expect(read(dataset)?.b).toBe(1000);
    expectDirection(dataset, axial, [-0.48, 0.6, 0.64]);
  });

  test('no vector: b0 in a tensor series, trace otherwise', () => {
    expect(read({ ...weighted(1000), ...vector([0, 0, 0]) })).toMatchObject({ b: 0, kind: 'none' });
    const trace = { ...weighted(1000), ...vector([0, 0, 0]), '001910E0': element('DS', 0) };
    expect(read(trace)).toMatchObject({ b: 1000, kind: 'isotropic' });
  });

  test('user variables of a series that is no diffusion mean nothing', () => {
    expect(read({ ...header, ...vector(g) })).toBeUndefined();
  });

  test('an unknown phase direction is said', () => {
    expect(readGradient(weighted(1000), axial)?.warnings.join()).toMatch(/assume COL/);
  });
});

describe('United Imaging private elements', () => {
  const header = {
    [Tag.Manufacturer]: element('LO', 'UIH'),
    '00650010': element('LO', 'Image Private Header'),
  };

  test('actual b, and components along row, column and normal', () => {
    const dataset = {
      ...header,
      '00651009': raw(fd(true, 929.75)),
      '0065100A': raw(fd(true, 1000)),
      '00651037': raw(fd(true, 0, 0.6, 0.8)),
      [Tag.DiffusionGradientOrientation]: element('FD', 1, 0, 0),
    };
    expect(read(dataset)?.b).toBe(929.75);
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    expectDirection(dataset, tilted, [0, 0.6 * c - 0.8 * s, 0.6 * s + 0.8 * c]);
  });

  test('the b0 keeps the small b of its imaging gradients', () => {
    const dataset = { ...header, '00651009': element('FD', 1.25), '00651037': element('FD', 0, 0, 0) };
    expect(read(dataset)).toEqual({ b: 1.25, direction: null, kind: 'none' });
  });
});

describe('Toshiba and Canon', () => {
  const header = { [Tag.Manufacturer]: element('LO', 'TOSHIBA_MEC') };
  const comment = (text: string, phase: string) => ({
    ...header,
    [Tag.DiffusionBValue]: element('FD', 1500),
    [Tag.ImageComments]: element('LT', text),
    [Tag.InPlanePhaseEncodingDirection]: element('CS', phase),
  });

  test.each([
    ['b=1500(0.480,-0.600,0.640)', 'COL', [0.6, -0.48, 0.64]],
    ['diffusion b = 1.5e3 ( 0.48 , -0.6 , 0.64 )', 'ROW', [-0.48, -0.6, 0.64]],
  ] as const)('direction from the comment %s, %s', (text, phase, expected) => {
    expectDirection(comment(text, phase), axial, expected);
  });

  test('the standard direction wins over the comment', () => {
    const both = {
      ...comment('b=1500(0.480,-0.600,0.640)', 'COL'),
      [Tag.DiffusionGradientOrientation]: element('FD', 0, 0, 1),
    };
    expectDirection(both, axial, [0, 0, 1]);
  });

  test('no b-value is an assumption of b 0, marked as one', () => {
    expect(readGradient(header, axial)).toMatchObject({ bValue: 0, assumed: true });
  });
});

describe('standard attributes', () => {
  test('a vector that is no unit vector gives way to the b-matrix', () => {
    const matrix = {
      [Tag.DiffusionBValueXX]: element('FD', 0),
      [Tag.DiffusionBValueXY]: element('FD', 0),
      [Tag.DiffusionBValueXZ]: element('FD', 0),
      [Tag.DiffusionBValueYY]: element('FD', 1000),
      [Tag.DiffusionBValueYZ]: element('FD', 0),
      [Tag.DiffusionBValueZZ]: element('FD', 0),
    };
    const dataset = {
      [Tag.MRDiffusionSequence]: element('SQ', {
        [Tag.DiffusionBValue]: element('FD', 1000),
        [Tag.DiffusionGradientDirectionSequence]: element('SQ', {
          [Tag.DiffusionGradientOrientation]: element('FD', 0, 0, 0.2),
        }),
        [Tag.DiffusionBMatrixSequence]: element('SQ', matrix),
      }),
    };
    expect(read(dataset)?.direction?.map(Math.abs)).toEqual([0, 1, 0]);
  });

  test.each([
    ['nothing', {}],
    ['a b-value beyond physics', { [Tag.DiffusionBValue]: element('FD', 7.23e75) }],
    ['a negative b-value', { [Tag.DiffusionBValue]: element('FD', -5) }],
    ['damaged bytes', { '00190010': element('LO', 'SIEMENS MR HEADER'), '0019100C': raw(us(true, 0xffff)) }],
  ])('%s is no reading', (_, dataset) => {
    expect(readGradient(dataset, axial)).toBeUndefined();
  });
});
