import { InputRefused, voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { closedSpline, drawContour, expectedCentre, sliceCentre } from './draw-contour';
import { cordIntensities } from './intensity-range';

/** Turned about the slice normal and shifted, pixels of 0.8 mm, slices of 5 mm. */
const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
const grid: VoxelGrid = {
  columns: 40,
  rows: 44,
  slices: 5,
  affine: [0.8 * c, -0.8 * s, 0, -20, 0.8 * s, 0.8 * c, 0, 15, 0, 0, 5, -40],
};
const perSlice = grid.columns * grid.rows;

function ring(column: number, row: number, slice: number, radius: number, points: number): Vector3[] {
  return Array.from({ length: points }, (_, at) => {
    const angle = (2 * Math.PI * at) / points;
    return voxelToPatient(grid, [column + radius * Math.cos(angle), row + radius * Math.sin(angle), slice]);
  });
}

const count = (labels: Uint8Array, slice: number) =>
  labels.subarray(slice * perSlice, (slice + 1) * perSlice).reduce((sum, label) => sum + label, 0);

describe('a contour drawn by hand', () => {
  const before = new Uint8Array(perSlice * grid.slices).fill(1, 0, 30);

  it('becomes the voxels it encloses, in its slice alone, on a turned grid', () => {
    const { labels, slice } = drawContour(grid, before, ring(20, 22, 2, 6.3, 90));
    expect(slice).toBe(2);
    expect(count(labels, 2)).toBeGreaterThan(0.97 * Math.PI * 6.3 ** 2);
    expect(count(labels, 2)).toBeLessThan(1.03 * Math.PI * 6.3 ** 2);
    expect(sliceCentre(grid, labels, 2)).toEqual([20, 22, 2]);
    expect(labels.subarray(0, 2 * perSlice)).toEqual(before.subarray(0, 2 * perSlice));
  });

  it('replaces what the slice held before', () => {
    const wide = drawContour(grid, before, ring(20, 22, 2, 9, 60)).labels;
    const narrow = drawContour(grid, wide, ring(20, 22, 2, 4, 60)).labels;
    expect(count(narrow, 2)).toBeLessThan(count(wide, 2) / 3);
  });

  it('is cut at the border of the image', () => {
    const { labels } = drawContour(grid, before, ring(0, 22, 1, 5, 60));
    expect(count(labels, 1)).toBeLessThan(0.62 * Math.PI * 25);
    expect(count(labels, 1)).toBeGreaterThan(0.45 * Math.PI * 25);
  });

  it('is refused when it encloses nothing or leans out of its slice', () => {
    expect(() => drawContour(grid, before, ring(20.5, 22.5, 2, 0.2, 20))).toThrow(InputRefused);
    expect(() => drawContour(grid, before, [...ring(20, 22, 1, 5, 9), ...ring(20, 22, 3, 5, 9)])).toThrow(
      /no part of a slice/,
    );
    expect(() => drawContour(grid, before, ring(20, 22, 9, 5, 9))).toThrow(InputRefused);
  });

  it('follows a circle closely through eight points of a spline', () => {
    const spline = closedSpline(ring(20, 22, 2, 8, 8));
    const circle = drawContour(grid, before, ring(20, 22, 2, 8, 200)).labels;
    const through = drawContour(grid, before, spline).labels;
    expect(Math.abs(count(through, 2) / count(circle, 2) - 1)).toBeLessThan(0.03);
  });
});

describe('where the cord should be', () => {
  const drawn = [0, 3].reduce<Uint8Array>(
    (labels, slice) => drawContour(grid, labels, ring(12 + 3 * slice, 20, slice, 4, 40)).labels,
    new Uint8Array(perSlice * grid.slices),
  );

  it('lies between the neighbours, straight on beyond them, nowhere without any', () => {
    expect(expectedCentre(grid, drawn, 1)).toEqual([15, 20, 1]);
    expect(expectedCentre(grid, drawn, 4)).toEqual([21, 20, 4]);
    expect(expectedCentre(grid, new Uint8Array(drawn.length), 1)).toBeNull();
  });
});

describe('the range of a threshold brush', () => {
  const labels = drawContour(grid, new Uint8Array(perSlice * 5), ring(20, 22, 2, 7, 90)).labels;
  const image = (cord: number, round: number) => {
    const fluid = drawContour(grid, labels, ring(20, 22, 2, 11, 90)).labels;
    return Float32Array.from(labels, (label, at) =>
      (label ? cord : fluid[at] ? round : 40) + 10 * Math.sin(1.7 * at),
    ); // prettier-ignore
  };
  const mask = { grid, labels, method: 'automatic' as const };

  it.each([
    ['b0: dark cord in bright fluid', 300, 900],
    ['mean DWI: bright cord in dark fluid', 500, 80],
  ])('in %s takes cord and leaves fluid', (_, cord, round) => {
    const found = cordIntensities(image(cord, round), mask);
    expect(found?.cord).toBeGreaterThan(cord - 10);
    expect(found?.cord).toBeLessThan(cord + 10);
    const [low, high] = found!.range;
    expect(low < cord && cord < high).toBe(true);
    expect(round < low || round > high).toBe(true);
  });

  it('is not given where cord and surroundings look alike', () => {
    expect(cordIntensities(new Float32Array(labels.length).fill(7), mask)).toBeNull();
  });
});
