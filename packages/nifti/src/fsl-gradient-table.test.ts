import fc from 'fast-check';
import { GradientTable, InputRefused, type Affine, type VoxelGrid } from '@myelon/diffusion';
import { readFslGradientTable, toNiftiOrientation, writeFslGradientTable } from './index';

/** Grid in LPS whose columns run left, rows posterior, slices superior: an axial DICOM image, head first supine. */
const axialDicom: VoxelGrid = {
  columns: 3,
  rows: 2,
  slices: 2,
  affine: [2, 0, 0, 1, 0, 2, 0, 2, 0, 0, 5, 3],
};
const data = () => Float32Array.from({ length: 12 }, (_, index) => index);

describe('FSL gradient tables', () => {
  test('axial image as dcm2niix stores it: x as in LPS, y reversed, z as it is', () => {
    const { grid } = toNiftiOrientation({ grid: axialDicom, volumes: 1, data: data() });
    const table = new GradientTable([0, 1000, 1000, 1000], [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const { bval, bvec } = writeFslGradientTable(table, grid);
    expect(bval).toBe('0 1000 1000 1000\n');
    expect(bvec).toBe('0 1 0 0\n0 0 -1 0\n0 0 0 1\n');
  });

  test('an image of positive determinant has its first component mirrored', () => {
    const table = new GradientTable([1000], [1, 0, 0]);
    expect(writeFslGradientTable(table, axialDicom).bvec).toBe('-1\n0\n0\n');
  });

  test('reading what was written gives the table back, on any grid', () => {
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(angle, angle, fc.boolean(), (a, b, mirrored) => {
        const sign = mirrored ? -1 : 1;
        const affine: Affine = [
          Math.cos(a), -Math.sin(a) * sign, 0, 1,
          Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b) * sign, -4 * Math.sin(b), 2,
          Math.sin(a) * Math.sin(b), Math.cos(a) * Math.sin(b) * sign, 4 * Math.cos(b), 3,
        ]; // prettier-ignore
        const grid = { ...axialDicom, affine };
        const table = new GradientTable([0, 929.750183, 5], [0, 0, 0, 0.36, 0.48, 0.8, 0, -1, 0]);
        const { bval, bvec } = writeFslGradientTable(table, grid);
        const back = readFslGradientTable(bval, bvec, grid);
        expect([...back.bValues]).toEqual([...table.bValues]);
        for (const [index, value] of back.directions.entries())
          expect(value).toBeCloseTo(table.directions[index]!, 7);
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  test('tabs, commas, column layout and missing last newline are read', () => {
    const rows = readFslGradientTable('0\t700', '0,1\n0,0\n0,0', axialDicom);
    const columns = readFslGradientTable('0\r\n700', '0 0 0\r\n1 0 0', axialDicom);
    expect([...rows.directions]).toEqual([...columns.directions]);
    expect(rows.direction(1).map(Math.abs)).toEqual([1, 0, 0]);
  });

  test('the vector of a b0 is ignored, whatever it is', () => {
    const table = readFslGradientTable('0 700', '0.5 0\n0.1 1\n9 0', axialDicom);
    expect(table.hasDirection(0)).toBe(false);
  });

  test.each([
    ['no b-values', '', '0\n0\n0', /empty/],
    ['words', '0 b800', '0 1\n0 0\n0 0', /not a number/],
    ['another count', '0 700', '0 1 0\n0 0 1\n0 0 0', /3 numbers for 2 b-values/],
    ['not unit vectors', '0 700', '0 2\n0 0\n0 0', /length 2/],
    ['negative b', '0 -700', '0 1\n0 0\n0 0', /-700/],
  ])('%s are refused', (_, bval, bvec, message) => {
    expect(() => readFslGradientTable(bval, bvec, axialDicom)).toThrow(InputRefused);
    expect(() => readFslGradientTable(bval, bvec, axialDicom)).toThrow(message);
  });
});

describe('orientation of dcm2niix', () => {
  test('every voxel keeps its place in the world', () => {
    const image = { grid: axialDicom, volumes: 1, data: data() };
    const flipped = toNiftiOrientation(image);
    // First voxel of the first row (LPS y 2) becomes first voxel of the last row.
    expect(flipped.data[3]).toBe(0);
    expect(flipped.grid.affine).toEqual([2, -0, 0, 1, 0, -2, 0, 4, 0, -0, 5, 3]);
  });

  test('doing it twice changes nothing more', () => {
    const once = toNiftiOrientation({ grid: axialDicom, volumes: 1, data: data() });
    expect(toNiftiOrientation(once)).toBe(once);
  });

  test('data that do not fill the grid are a mistake of the caller', () => {
    expect(() => toNiftiOrientation({ grid: axialDicom, volumes: 2, data: data() })).toThrow(RangeError);
  });
});
