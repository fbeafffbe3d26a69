import { outlineCord, type SliceDraft } from './outline-cord';
import { simulatedStack } from './simulated-stack.test-support';

jest.setTimeout(60_000);

const automatic = { contrast: 'dwi', seeds: [] } as const;

describe('a line to look at while the outline is made', () => {
  const stack = simulatedStack({ noise: 6, slices: 9 });

  it('comes for the slice on screen first, then for every other one, near where the outline will be', async () => {
    const drafts: SliceDraft[] = [];
    const found = await outlineCord(stack.image, stack.grid, {
      ...automatic,
      firstSlice: 6,
      onDraft: (draft) => drafts.push(draft),
    });
    expect(drafts[0]?.slice).toBe(6);
    expect(drafts.map(({ slice }) => slice).sort((p, q) => p - q)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { slice, contour } of drafts) {
      const line = found.contours[slice]!;
      const far = contour.map((p) => Math.min(...line.map((q) => Math.hypot(p[0] - q[0], p[1] - q[1]))));
      expect(far.reduce((sum, one) => sum + one, 0) / far.length).toBeLessThan(0.5);
    }
  });
});

describe('an offset', () => {
  const stack = simulatedStack({ noise: 4, slices: 5 });
  const drawn = (offsetMm: number) => outlineCord(stack.image, stack.grid, { ...automatic, offsetMm });

  it('moves the line inwards by what is asked, all round, and is stated', async () => {
    const [plain, inside] = [await drawn(0), await drawn(0.25)];
    expect(inside.offsetMm).toBe(0.25);
    plain.areasMm2.forEach((area, slice) => {
      // Semi-axes of 6 and 4 mm become 5.75 and 3.75.
      const share = (5.75 * 3.75) / 24;
      expect(Math.abs((inside.areasMm2[slice] ?? 0) / (area ?? 1) - share)).toBeLessThan(0.01);
    });
    expect(inside.slicesToCheck).toEqual(plain.slicesToCheck);
  });
  it('beyond a millimetre is refused', async () => {
    await expect(drawn(1.5)).rejects.toThrow(/an offset of 1.5 mm/);
  });
});

it('finds the area of a round cord right whatever its voxels blur', async () => {
  for (const rowMm of [0.5, 0.9]) {
    const size = { columns: Math.round(40 / rowMm), rows: Math.round(40 / rowMm), columnMm: rowMm, rowMm };
    const stack = simulatedStack({
      ...size,
      slices: 4,
      axes: () => [5, 4.4],
      centre: (slice) => [slice / 5, slice / 7],
    });
    const found = await outlineCord(stack.image, stack.grid, automatic);
    const errors = found.areasMm2.map((area, slice) => (area ?? 0) / (stack.areasMm2[slice] ?? 1) - 1);
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.008);
  }
});
