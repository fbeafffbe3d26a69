import fc from 'fast-check';
import { eigenSymmetric } from './eigen-symmetric';
import { symmetricEigenvalues } from './jacobi';

const element = fc.double({ min: -3, max: 3, noNaN: true });
const matrix = fc.tuple(element, element, element, element, element, element);

function solve(elements: readonly number[]): { values: number[]; vector: number[] } {
  const out = new Float64Array(6);
  eigenSymmetric(Float64Array.from(elements), 0, out);
  return { values: [...out.subarray(0, 3)], vector: [...out.subarray(3)] };
}

function square([xx, yy, zz, xy, xz, yz]: readonly number[]): number[] {
  return [xx!, xy!, xz!, xy!, yy!, yz!, xz!, yz!, zz!];
}

describe('eigenSymmetric', () => {
  it('agrees with Jacobi rotations', () => {
    fc.assert(
      fc.property(matrix, (elements) => {
        const expected = symmetricEigenvalues(square(elements), 3);
        const { values } = solve(elements);
        values.forEach((value, i) => {
          expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-7);
        });
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('gives a unit vector that the matrix only stretches', () => {
    fc.assert(
      fc.property(matrix, (elements) => {
        const { values, vector } = solve(elements);
        const full = square(elements);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
        expect(vector[2]).toBeGreaterThanOrEqual(0);
        for (let row = 0; row < 3; row++) {
          const image = vector.reduce((sum, v, column) => sum + full[3 * row + column]! * v, 0);
          expect(Math.abs(image - values[0]! * vector[row]!)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it.each([
    ['zero', [0, 0, 0, 0, 0, 0], [0, 0, 0]],
    ['isotropic', [2, 2, 2, 0, 0, 0], [2, 2, 2]],
    ['a disc', [2, 2, 1, 0, 0, 0], [2, 2, 1]],
    ['a needle', [1, 1, 3, 0, 0, 0], [3, 1, 1]],
    ['tiny units', [1e-9, 3e-9, 2e-9, 0, 0, 0], [3e-9, 2e-9, 1e-9]],
  ])('solves %s', (_, elements, expected) => {
    const { values, vector } = solve(elements);
    const largest = Math.max(...expected, 1e-300);
    values.forEach((value, i) => {
      expect(value / largest).toBeCloseTo(expected[i]! / largest, 8);
    });
    expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
  });
});
