import { InputRefused, type Affine, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { cordSections } from '../morphometry/cord-sections';
import { outlineCord } from './outline-cord';
import { dice, simulatedStack, type SimulatedStack, type StackOptions } from './simulated-stack.test-support';

jest.setTimeout(60_000);

const automatic = { contrast: 'dwi', seeds: [] } as const;
const outline = (stack: SimulatedStack, seeds: readonly Vector3[] = []) =>
  outlineCord(stack.image, stack.grid, { contrast: 'dwi', seeds });

async function expectGood(options: StackOptions, leastDice = 0.95): Promise<void> {
  const stack = simulatedStack({ noise: 5, ...options });
  const found = await outline(stack);
  expect(dice(found.mask.labels, stack.labels)).toBeGreaterThan(leastDice);
  found.areasMm2.forEach((area, slice) => {
    expect(Math.abs((area ?? 0) / (stack.areasMm2[slice] ?? 1) - 1)).toBeLessThan(0.1);
  });
}

describe('outlineCord finds a bright cord', () => {
  it('of ordinary size', () => expectGood({}));
  it('10 mm off the middle of the field', () => expectGood({ centre: () => [10, -8] }));
  it('that runs obliquely and kinks', () =>
    expectGood({ centre: (slice) => [slice < 4 ? slice : 8 - slice, slice] }));
  it('in slices 17 mm apart', () =>
    expectGood({ sliceMm: 17, slices: 5, centre: (slice) => [0, 2 * slice] }));
  it('in three slices', () => expectGood({ slices: 3 }));
  it('in one slice', () => expectGood({ slices: 1 }));
  it('with pixels twice as long as wide', () =>
    expectGood({ columnMm: 0.6, columns: 72, rowMm: 1.2, rows: 36 }, 0.93));
  it('in a narrow field', () => expectGood({ columns: 26, rows: 26 }));
  it('flattened to half, without making it thicker', async () => {
    const axes = (slice: number) => (slice === 3 ? ([6.8, 2] as const) : ([6, 4] as const));
    const stack = simulatedStack({ noise: 5, axes });
    const found = await outline(stack);
    expect(Math.abs((found.areasMm2[3] ?? 0) / (stack.areasMm2[3] ?? 1) - 1)).toBeLessThan(0.2);
  });
  it('with slices in the opposite order and a turned matrix', async () => {
    const stack = simulatedStack({ noise: 5, columns: 40, rows: 50 });
    const { grid, image, labels } = stack;
    // Rows become columns: an image whose rows run front to back.
    const turned: VoxelGrid = {
      ...grid,
      columns: grid.rows,
      rows: grid.columns,
      affine: swapColumns(grid.affine),
    };
    const transpose = <T extends Float32Array | Uint8Array>(values: T) =>
      values.map((_, at) => {
        const [i, j] = [at % turned.columns, Math.floor(at / turned.columns) % turned.rows];
        const slice = Math.floor(at / (turned.columns * turned.rows));
        return values[(slice * grid.rows + i) * grid.columns + j] ?? 0;
      }) as T;
    const found = await outlineCord(transpose(image), turned, automatic);
    expect(dice(found.mask.labels, transpose(labels))).toBeGreaterThan(0.95);
  });
  it('in a sagittal stack of thin slices', async () => {
    const stack = simulatedStack({ noise: 5, columns: 30, rows: 40, slices: 24, sliceMm: 1 });
    const { image, grid, labels } = sagittalOf(stack);
    const found = await outlineCord(image, grid, automatic);
    expect(dice(found.mask.labels, labels)).toBeGreaterThan(0.95);
    expect(found.contours.length).toBe(24);
  });
  it('in a sagittal stack of slices 3 mm apart: where it is, but no cross-section', async () => {
    const size = { columns: 13, columnMm: 3, rows: 48, rowMm: 0.8, slices: 30, sliceMm: 0.8 };
    const centre = (slice: number) => [0.4, slice / 10] as const;
    const stack = simulatedStack({ noise: 3, cord: 45, ring: 100, outside: 25, centre, ...size });
    const { image, grid, labels } = sagittalOf(stack);
    const found = await outlineCord(image, grid, { contrast: 't2', seeds: [] });
    expect(dice(found.mask.labels, labels)).toBeGreaterThan(0.88);
    expect(found.areasMm2).toEqual(Array(30).fill(null));
    expect(found.areasMissing).toMatch(/3.0 mm apart, do not show the cross-section/);
    const { sections, course, missing } = cordSections(found.mask, found);
    expect(sections).toEqual([]);
    expect(missing).toBe(found.areasMissing);
    expect(course).toHaveLength(30);
    for (const { centre: at, slice } of course) {
      const [left, back] = centre(slice);
      expect(Math.hypot(at[0] - left, at[1] - back)).toBeLessThan(1);
    }
  });
});

/** The same voxels as a stack whose slices run along the neck. */
function sagittalOf({
  grid,
  image,
  labels,
}: SimulatedStack): Pick<SimulatedStack, 'grid' | 'image' | 'labels'> {
  const a = grid.affine;
  const sagittal: VoxelGrid = {
    columns: grid.rows,
    rows: grid.slices,
    slices: grid.columns,
    affine: [a[1], a[2], a[0], a[3], a[5], a[6], a[4], a[7], a[9], a[10], a[8], a[11]],
  };
  const reorder = <T extends Float32Array | Uint8Array>(values: T) =>
    values.map((_, at) => {
      const row = at % sagittal.columns;
      const slice = Math.floor(at / sagittal.columns) % sagittal.rows;
      const column = Math.floor(at / (sagittal.columns * sagittal.rows));
      return values[(slice * grid.rows + row) * grid.columns + column] ?? 0;
    }) as T;
  return { grid: sagittal, image: reorder(image), labels: reorder(labels) };
}

it('outlines a dark cord in bright fluid', async () => {
  const stack = simulatedStack({ cord: 40, ring: 100, outside: 25, noise: 3 });
  const found = await outlineCord(stack.image, stack.grid, { contrast: 't2', seeds: [] });
  expect(dice(found.mask.labels, stack.labels)).toBeGreaterThan(0.95);
});

describe('seeds', () => {
  const stack = simulatedStack({ noise: 8, slices: 5 });

  it('anywhere within 4 mm of the middle give the same outline', async () => {
    const whole = await outline(stack);
    for (const [du, dv] of [
      [3, 2],
      [-4, 0],
      [0, -4],
    ] as const) {
      const seeded = await outline(stack, [[23.5 + du / 0.9, 23.5 + dv / 0.9, 2]]);
      expect(dice(seeded.mask.labels, whole.mask.labels)).toBeGreaterThan(0.99);
    }
  });

  it('choose between two equally good cords', async () => {
    const [left, right] = [-9, 9].map((x) => simulatedStack({ centre: () => [x, 0], columns: 60 }));
    const both = left!.image.map((value, at) => Math.max(value, right!.image[at] ?? 0));
    const column = (x: number) => 29.5 + x / 0.9;
    for (const [wanted, x] of [
      [left!, -9],
      [right!, 9],
    ] as const) {
      const found = await outlineCord(both, wanted.grid, { contrast: 'dwi', seeds: [[column(x), 23, 3]] });
      expect(dice(found.mask.labels, wanted.labels)).toBeGreaterThan(0.93);
    }
  });

  it('outside the image are refused', async () => {
    await expect(outline(stack, [[60, 10, 2]])).rejects.toThrow(/outside the image/);
  });
});

describe('what cannot be outlined', () => {
  const stack = simulatedStack({ slices: 3 });
  const refused = (image: Float32Array, grid: VoxelGrid) => outlineCord(image, grid, automatic);

  it('is refused: a constant image, nothing but NaN, noise around zero', async () => {
    await expect(
      refused(
        stack.image.map(() => 7),
        stack.grid,
      ),
    ).rejects.toThrow(/nothing .* looks like/);
    await expect(
      refused(
        stack.image.map(() => NaN),
        stack.grid,
      ),
    ).rejects.toThrow(InputRefused);
    await expect(
      refused(
        stack.image.map(() => -3),
        stack.grid,
      ),
    ).rejects.toThrow(InputRefused);
  });

  it('is refused: a field that cannot hold a cord, thick sagittal slices, sizes that do not fit', async () => {
    const tiny = simulatedStack({ columns: 12, rows: 12, slices: 3 });
    await expect(refused(tiny.image, tiny.grid)).rejects.toThrow(/field is 11 mm/);
    const a = stack.grid.affine;
    const sagittal: VoxelGrid = {
      ...stack.grid,
      affine: [a[2], a[1], a[0], a[3], a[6], a[5], a[4], a[7], a[10], a[9], a[8], a[11]],
    };
    await expect(refused(stack.image, { ...sagittal, affine: thickSagittal })).rejects.toThrow(
      /along the neck/,
    );
    await expect(refused(stack.image.subarray(1), stack.grid)).rejects.toThrow(/values for/);
  });

  it('is left empty and pointed out: slices without a cord at the ends', async () => {
    const whole = simulatedStack({ noise: 4 });
    const perSlice = whole.grid.columns * whole.grid.rows;
    const image = whole.image.map((value, at) => (at < perSlice || at >= 6 * perSlice ? 0 : value));
    const found = await outlineCord(image, whole.grid, automatic);
    expect(found.contours.map((contour) => contour !== null)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(found.slicesToCheck.map(({ slice }) => slice)).toEqual([0, 6]);
  });

  it('is pointed out: a slice whose edge is gone, noise, missing voxels', async () => {
    const whole = simulatedStack({ noise: 2 });
    const perSlice = whole.grid.columns * whole.grid.rows;
    const faded = whole.image.map((value, at) =>
      Math.floor(at / perSlice) === 3 ? 40 + 0.05 * (value - 40) + (at % 3) : value,
    );
    const withFaded = await outlineCord(faded, whole.grid, automatic);
    expect(withFaded.slicesToCheck.map(({ slice }) => slice)).toContain(3);
    const gaps = whole.image.map((value, at) => (at === 2 * perSlice + 5 ? NaN : value));
    const withGaps = await outlineCord(gaps, whole.grid, automatic);
    expect(withGaps.slicesToCheck).toEqual([{ slice: 2, why: 'the image holds voxels without a value' }]);
    const noisy = simulatedStack({ noise: 40 });
    const withNoise = await outline(noisy);
    expect(withNoise.slicesToCheck.some(({ why }) => why.includes('noisy'))).toBe(true);
  });

  it('but negative values outside the body are no trouble', async () => {
    const whole = simulatedStack({ noise: 4, outside: -20 });
    const found = await outline(whole);
    expect(dice(found.mask.labels, whole.labels)).toBeGreaterThan(0.95);
  });
});

it('reports progress to the end, and stops when told to', async () => {
  const stack = simulatedStack({ slices: 9 });
  const fractions: number[] = [];
  await outlineCord(stack.image, stack.grid, {
    ...automatic,
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(fractions.at(-1)).toBe(1);
  expect([...fractions].sort((p, q) => p - q)).toEqual(fractions);
  const stop = new AbortController();
  const running = outlineCord(stack.image, stack.grid, {
    ...automatic,
    signal: stop.signal,
    onProgress: () => {
      stop.abort(new Error('enough'));
    },
  });
  await expect(running).rejects.toThrow('enough');
});

const thickSagittal: Affine = [0, 0, 6, 0, 0.9, 0, 0, 0, 0, -0.9, 0, 0];

function swapColumns(affine: Affine): Affine {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine;
  return [b, a, -c, x, e, d, -f, y, h, g, -i, z];
}
