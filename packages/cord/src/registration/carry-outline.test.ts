import { InputRefused } from '@myelon/diffusion';
import { cordMask } from '../cord-mask';
import { outlineCord } from '../outline/outline-cord';
import { dice, simulatedStack, type StackOptions } from '../outline/simulated-stack.test-support';
import { carryOutline } from './carry-outline';

jest.setTimeout(120_000);

const axes = (slice: number) => (slice === 3 ? ([6.6, 2.4] as const) : ([6, 4] as const));
/** Diffusion images distorted slice by slice, mostly front to back, as EPI does. */
const moved = (slice: number) => [0.4, [-1.7, 0.9, -0.3, 2.6, 1.1, -2.2, 0.5][slice] ?? 0] as const;
const DIFFUSION: StackOptions = { noise: 10, rician: true, axes, centre: moved, seed: 31 };
/** The same neck on T2: finer in the plane, bright fluid, nothing moved. */
const T2: StackOptions = {
  ...{ cord: 45, ring: 100, outside: 25, noise: 3, axes, seed: 32 },
  ...{ columns: 80, rows: 80, columnMm: 0.55, rowMm: 0.55 },
};

async function carried(contrast: 'contour' | 'voxels') {
  const [dwi, t2] = [simulatedStack(DIFFUSION), simulatedStack(T2)];
  const shape =
    contrast === 'contour'
      ? await outlineCord(t2.image, t2.grid, { contrast: 't2', seeds: [] })
      : cordMask({ grid: t2.grid, labels: t2.labels, method: 'imported' });
  return { dwi, ...(await carryOutline(shape, dwi.image, dwi.grid, { contrast: 'dwi' })) };
}

describe('an outline of the T2 image carried onto diffusion images that EPI has moved slice by slice', () => {
  it.each(['contour', 'voxels'] as const)(
    'from its %s: shifts within .25 mm, outline right',
    async (from) => {
      const { dwi, outline, shifts } = await carried(from);
      const errors = shifts.map((shift, slice) => {
        const [left, back] = moved(slice);
        return Math.hypot((shift?.leftMm ?? 99) - left, (shift?.backMm ?? 99) - back);
      });
      expect(Math.max(...errors)).toBeLessThan(0.25);
      expect(dice(outline.mask.labels, dwi.labels)).toBeGreaterThan(0.95);
      outline.areasMm2.forEach((area, slice) => {
        expect(Math.abs((area ?? 0) / (dwi.areasMm2[slice] ?? 1) - 1)).toBeLessThan(0.08);
      });
      expect(outline.slicesToCheck).toEqual([]);
    },
  );
});

it('slices that show no cord are pointed out; the outline stays near that of their neighbours', async () => {
  const dwi = simulatedStack({ ...DIFFUSION, centre: () => [0, 1] });
  const t2 = simulatedStack(T2);
  const perSlice = dwi.grid.columns * dwi.grid.rows;
  const image = dwi.image.map((value, at) =>
    Math.floor(at / perSlice) === 2 ? 40 + ((at * 7919) % 13) : value,
  );
  const shape = cordMask({ grid: t2.grid, labels: t2.labels, method: 'imported' });
  const { outline, shifts } = await carryOutline(shape, image, dwi.grid, { contrast: 'dwi' });
  expect(outline.slicesToCheck.some(({ slice, why }) => slice === 2 && why.includes('fits poorly'))).toBe(
    true,
  );
  expect(Math.hypot(shifts[2]?.leftMm ?? 99, (shifts[2]?.backMm ?? 99) - 1)).toBeLessThan(4);
});

it('an outline of another part of the body is refused', async () => {
  const [dwi, t2] = [simulatedStack({ slices: 3 }), simulatedStack({ ...T2, slices: 3 })];
  const a = t2.grid.affine;
  const far = { ...t2.grid, affine: [...a.slice(0, 11), a[11] + 300] as unknown as typeof a };
  const shape = cordMask({ grid: far, labels: t2.labels, method: 'imported' });
  await expect(carryOutline(shape, dwi.image, dwi.grid, { contrast: 'dwi' })).rejects.toThrow(InputRefused);
});
