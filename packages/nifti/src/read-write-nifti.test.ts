import fc from 'fast-check';
import { gunzipSync } from 'fflate';
import { InputRefused, type Affine, type VoxelGrid } from '@myelon/diffusion';
import { readNifti, writeNifti } from './index';

/** Rotation about three axes with spacing, optionally mirrored: any grid a scanner can make. */
function gridOf(angles: readonly number[], mirrored: boolean): VoxelGrid {
  const [a = 0, b = 0, c = 0] = angles;
  const [ca, sa, cb, sb, cc, sc] = [a, b, c].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as [
    number, number, number, number, number, number,
  ]; // prettier-ignore
  const sign = mirrored ? -1 : 1;
  const affine: Affine = [
    0.9 * cb * cc, -1.1 * sign * cb * sc, 5 * sb, -12.5,
    0.9 * (ca * sc + sa * sb * cc), 1.1 * sign * (ca * cc - sa * sb * sc), -5 * sa * cb, 40.25,
    0.9 * (sa * sc - ca * sb * cc), 1.1 * sign * (sa * cc + ca * sb * sc), 5 * ca * cb, 7.75,
  ]; // prettier-ignore
  return { columns: 4, rows: 3, slices: 2, affine };
}

const plain = gridOf([0, 0, 0], false);
const ramp = (count: number) => Float32Array.from({ length: count }, (_, index) => index * 0.37 - 3);

/** What a person would see: largest difference of any affine element. */
function affineDifference(p: VoxelGrid, q: VoxelGrid): number {
  return Math.max(...p.affine.map((value, index) => Math.abs(value - (q.affine[index] ?? NaN))));
}

describe('NIfTI round trip', () => {
  test.each([true, false])('values and grid come back, gzip %s', (gzip) => {
    const data = ramp(4 * 3 * 2 * 5);
    const bytes = writeNifti({ grid: plain, volumes: 5, data, description: 'test' }, { gzip });
    const image = readNifti(bytes);
    expect(image.volumes).toBe(5);
    expect(image.data).toEqual(data);
    expect([image.grid.columns, image.grid.rows, image.grid.slices]).toEqual([4, 3, 2]);
    expect(affineDifference(image.grid, plain)).toBeLessThan(1e-6);
  });

  test('sform and qform say the same for every rotation, mirrored or not', () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, fc.boolean(), (a, b, c, mirrored) => {
        const grid = gridOf([a, b, c], mirrored);
        const bytes = writeNifti({ grid, volumes: 1, data: ramp(24) }, { gzip: false });
        expect(affineDifference(readNifti(bytes).grid, grid)).toBeLessThan(1e-5);
        new DataView(bytes.buffer).setInt16(254, 0, true);
        // Near half turns the single-precision quaternion of the standard keeps only about 3e-4 of an angle.
        expect(affineDifference(readNifti(bytes).grid, grid)).toBeLessThan(0.01);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test.each(['uint8', 'int16'] as const)('%s holds whole values exactly and refuses others', (datatype) => {
    const most = datatype === 'uint8' ? 255 : 32767;
    const data = Uint16Array.from({ length: 24 }, (_, index) => (index === 0 ? most : index));
    const bytes = writeNifti({ grid: plain, volumes: 1, data }, { gzip: false, datatype });
    expect([...readNifti(bytes).data]).toEqual([...data]);
    const tooLarge = data.map((value) => (value === most ? most + 1 : value));
    expect(() => writeNifti({ grid: plain, volumes: 1, data: tooLarge }, { gzip: false, datatype })).toThrow(
      /does not fit/,
    );
    expect(() => writeNifti({ grid: plain, volumes: 1, data: ramp(24) }, { gzip: false, datatype })).toThrow(
      InputRefused,
    );
  });

  test('the same input gives the same bytes, also compressed', () => {
    const image = { grid: plain, volumes: 1, data: ramp(24) };
    expect(writeNifti(image, { gzip: true })).toEqual(writeNifti(image, { gzip: true }));
    expect(gunzipSync(writeNifti(image, { gzip: true }))).toEqual(writeNifti(image, { gzip: false }));
  });
});

describe('reading NIfTI of others', () => {
  /** A big-endian int16 image with slope and intercept, 2 x 1 x 1. */
  function bigEndianInt16(): Uint8Array {
    const bytes = new Uint8Array(352 + 4);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, 348);
    [3, 2, 1, 1, 1].forEach((dim, index) => view.setInt16(40 + 2 * index, dim));
    view.setInt16(70, 4);
    view.setInt16(72, 16);
    [1, 2, 2, 2].forEach((size, index) => view.setFloat32(76 + 4 * index, size));
    view.setFloat32(108, 352);
    view.setFloat32(112, 0.5);
    view.setFloat32(116, 10);
    view.setInt16(254, 1);
    [2, 0, 0, 5, 0, 2, 0, 6, 0, 0, 2, 7].forEach((value, index) => view.setFloat32(280 + 4 * index, value));
    [0x6e, 0x2b, 0x31, 0].forEach((byte, index) => view.setUint8(344 + index, byte));
    view.setInt16(352, -4);
    view.setInt16(354, 300);
    return bytes;
  }

  test('big endian, slope and intercept, RAS to LPS', () => {
    const image = readNifti(bigEndianInt16());
    expect([...image.data]).toEqual([8, 160]);
    expect(image.grid.affine).toEqual([-2, -0, -0, -5, -0, -2, -0, -6, 0, 0, 2, 7]);
  });

  test('slope 0 means unscaled', () => {
    const bytes = bigEndianInt16();
    new DataView(bytes.buffer).setFloat32(112, 0);
    expect([...readNifti(bytes).data]).toEqual([-4, 300]);
  });

  test('values that are not finite become 0', () => {
    const data = Float32Array.from([NaN, Infinity, 1, 2]);
    const grid = { ...plain, columns: 4, rows: 1, slices: 1 };
    expect([...readNifti(writeNifti({ grid, volumes: 1, data }, { gzip: false })).data]).toEqual([
      0, 0, 1, 2,
    ]);
  });
});

describe('NIfTI that cannot be read is refused with the reason', () => {
  const good = () => writeNifti({ grid: plain, volumes: 1, data: ramp(24) }, { gzip: false });
  const edited = (edit: (view: DataView) => void) => {
    const bytes = good();
    edit(new DataView(bytes.buffer));
    return bytes;
  };

  test.each([
    ['empty', new Uint8Array(0), /not a single-file NIfTI/],
    ['text', new TextEncoder().encode('hello'.repeat(200)), /not a single-file NIfTI/],
    ['cut off', good().subarray(0, 400), /cut off/],
    ['damaged gzip', writeNifti({ grid: plain, volumes: 1, data: ramp(24) }, { gzip: true }).subarray(0, 60), /gzip/],
    ['colour', edited((view) => view.setInt16(70, 128, true)), /datatype 128/],
    ['no orientation', edited((view) => { view.setInt16(252, 0, true); view.setInt16(254, 0, true); }), /left and right/],
    ['no extent', edited((view) => view.setInt16(42, 0, true)), /dimensions/],
    ['five dimensions', edited((view) => { view.setInt16(40, 5, true); view.setInt16(50, 3, true); }), /dimensions/],
    ['singular affine', edited((view) => view.setFloat32(280, 0, true)), /do not describe a volume/],
    ['infinite size', edited((view) => view.setInt16(42, 32767, true)), /dimensions/],
  ])('%s', (_, bytes, message) => {
    expect(() => readNifti(bytes, 'x.nii')).toThrow(InputRefused);
    expect(() => readNifti(bytes, 'x.nii')).toThrow(message);
  }); // prettier-ignore

  test('data that do not fit the grid are not written', () => {
    expect(() => writeNifti({ grid: plain, volumes: 2, data: ramp(24) }, { gzip: false })).toThrow(
      /one value per voxel/,
    );
  });
});
