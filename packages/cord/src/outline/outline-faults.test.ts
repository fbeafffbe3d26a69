import { outlineCord, type CordOutline } from './outline-cord';
import type { OutlineContrast } from './contrast';
import { dice, simulatedStack, type SimulatedStack, type StackOptions } from './simulated-stack.test-support';

jest.setTimeout(120_000);

type SignalAt = NonNullable<StackOptions['signalAt']>;

/** Dice of each slice with the truth. */
function slicesOf({ grid, labels }: SimulatedStack, found: CordOutline): number[] {
  const perSlice = grid.columns * grid.rows;
  return Array.from({ length: grid.slices }, (_, slice) =>
    dice(
      found.mask.labels.subarray(slice * perSlice, (slice + 1) * perSlice),
      labels.subarray(slice * perSlice, (slice + 1) * perSlice),
    ),
  );
}

const flagged = (found: CordOutline) => new Set(found.slicesToCheck.map(({ slice }) => slice));

async function outlined(stack: SimulatedStack, contrast: OutlineContrast = 'dwi') {
  const found = await outlineCord(stack.image, stack.grid, { contrast, seeds: [] });
  return { found, perSlice: slicesOf(stack, found), toCheck: flagged(found) };
}

/** Good everywhere but in the slices named, and no slice that is wrong goes unmentioned. */
async function expectHonest(
  options: StackOptions,
  {
    good = 0.93,
    except = [],
    contrast = 'dwi',
  }: { good?: number; except?: readonly number[]; contrast?: OutlineContrast } = {},
) {
  const stack = simulatedStack({ noise: 5, rician: true, ...options });
  const result = await outlined(stack, contrast);
  result.perSlice.forEach((value, slice) => {
    if (!except.includes(slice)) expect(value).toBeGreaterThan(good);
    if (value < 0.85) expect(result.toCheck).toContain(slice);
  });
  return result;
}

/** Cord as bright as what lies round it in part of the way round, from angle to angle (degrees, left = 0, back = 90). */
const csfGone =
  (slices: readonly number[], from: number, to: number, value: number): SignalAt =>
  ({ slice, dx, dy, inCord }) => {
    const angle = ((Math.atan2(dy, dx) * 180) / Math.PI + 360) % 360;
    return inCord > 1 && slices.includes(slice) && angle >= from && angle <= to ? value : undefined;
  };

const DARK_CORD = { cord: 45, ring: 100, outside: 25, noise: 3 } as const;

describe('where fluid is missing', () => {
  it('on one side of a bright cord, in three slices: the side is named', async () => {
    const { found, toCheck } = await expectHonest(
      { signalAt: csfGone([2, 3, 4], 45, 135, 97) },
      { except: [2, 3, 4] },
    );
    expect([2, 3, 4].every((slice) => toCheck.has(slice))).toBe(true);
    const why = found.slicesToCheck.filter(({ slice }) => slice === 3).map((entry) => entry.why);
    expect(why.join()).toMatch(/at the back|only \d+ %/);
  });
  it('on all sides: the slice is pointed out', async () => {
    const { toCheck } = await expectHonest({ signalAt: csfGone([3], 0, 360, 97) }, { except: [3] });
    expect(toCheck).toContain(3);
  });
  it('round a flattened dark cord whose edge is gone: the slices are pointed out', async () => {
    const flat = (slice: number) => (slice === 3 ? ([6.8, 1.6] as const) : ([6, 4] as const));
    const { toCheck } = await expectHonest(
      { ...DARK_CORD, axes: flat, signalAt: csfGone([3], 0, 360, 40) },
      { except: [3], contrast: 't2' },
    );
    expect(toCheck).toContain(3);
  });
  it('behind the cord, whose neighbour is brighter than the cord (polarity flip)', async () => {
    const { toCheck } = await expectHonest({ signalAt: csfGone([3], 30, 150, 180) }, { except: [3] });
    expect(toCheck).toContain(3);
  });
  it('by flow voids in a dark-cord image', async () => {
    const voids: SignalAt = ({ dx, dy, inCord, inRing, slice }) =>
      inCord > 1 && inRing <= 1 && Math.hypot(dx - 5, dy - (slice % 2 === 0 ? 5 : -5)) < 2.2 ? 45 : undefined;
    await expectHonest({ ...DARK_CORD, signalAt: voids }, { contrast: 't2', good: 0.88 });
  });
});

describe('what else shines', () => {
  it('roots, and fat shifted onto the front of the cord', async () => {
    await expectHonest({
      signalAt: ({ dx, dy, inCord, inRing }) => {
        if (inCord > 1 && Math.hypot(Math.abs(dx) - 7, Math.abs(dy) - 2) < 0.7) return 75;
        return inRing > 1 && dy < -7 && dy > -9 ? 80 : undefined;
      },
    });
  });
  it('a ghost at half the field, a fifth as bright', async () => {
    const plain = simulatedStack({ noise: 5, rician: true });
    const { columns, rows } = plain.grid;
    const image = plain.image.map((value, at) => {
      const row = Math.floor(at / columns) % rows;
      const from = at + (((row + rows / 2) % rows) - row) * columns;
      return value + 0.2 * (plain.image[from] ?? 0);
    });
    const { perSlice } = await outlined({ ...plain, image });
    expect(Math.min(...perSlice)).toBeGreaterThan(0.93);
  });
  it('a brain at the upper end: those slices are pointed out, the cord below is right', async () => {
    const { toCheck } = await expectHonest(
      { slices: 9, signalAt: ({ slice, x, y }) => (slice >= 7 && Math.hypot(x, y) < 18 ? 70 : undefined) },
      { except: [7, 8] },
    );
    expect([7, 8].every((slice) => toCheck.has(slice))).toBe(true);
  });
});

describe('what is in the cord', () => {
  const inside = (value: number, slices: readonly number[]): SignalAt => {
    return ({ slice, dx, dy }) =>
      slices.includes(slice) && Math.hypot((dx - 1.5) / 2, (dy - 0.5) / 1.5) < 1 ? value : undefined;
  };
  it.each([
    ['a bright lesion', 150],
    ['a dark lesion', 60],
  ])('%s', (_, value) => expectHonest({ signalAt: inside(value, [2, 3]) }, { good: 0.9 }));
  it('a syrinx as dark as fluid', async () => {
    await expectHonest(
      {
        signalAt: ({ slice, dx, dy }) =>
          slice >= 2 && slice <= 4 && Math.hypot(dx / 2.2, dy / 1.3) < 1 ? 40 : undefined,
      },
      { except: [2, 3, 4] },
    );
  });
});

describe('how it was scanned', () => {
  it('slices that moved against each other by 3 mm', () =>
    expectHonest({ centre: (slice) => [slice % 2 === 0 ? 1.5 : -1.5, 0] }));
  it('one slice without signal: left out or pointed out', async () => {
    const { toCheck } = await expectHonest(
      { gain: (_x, _y, slice) => (slice === 3 ? 0.03 : 1) },
      { except: [3] },
    );
    expect(toCheck).toContain(3);
  });
  it('a coil whose sensitivity falls to a third across the field (7 T)', () =>
    expectHonest({ gain: (x, y) => 1 / (1 + Math.exp(0.07 * x + 0.05 * y)) + 0.15 }));
  it('0.9 x 0.9 x 5 mm at a signal-to-noise ratio of 6, three seeds', async () => {
    for (const seed of [1, 2, 3]) {
      const options = { noise: 100 / 6, seed, centre: (slice: number) => [slice - 3, 0] as const };
      await expectHonest(options, { good: 0.9 });
    }
  });
  it('a signal-to-noise ratio of 3: every slice is pointed out as noisy', async () => {
    const { toCheck } = await expectHonest({ noise: 33 }, { except: [0, 1, 2, 3, 4, 5, 6] });
    expect(toCheck.size).toBe(7);
  });
  it('a thin cord in a noisy image is pointed out as thin', async () => {
    const axes = (slice: number) => (slice === 3 ? ([6.8, 1.6] as const) : ([6, 4] as const));
    const { found } = await expectHonest({ noise: 14, axes }, { good: 0.75 });
    const why = found.slicesToCheck.filter(({ slice }) => slice === 3).map((entry) => entry.why);
    expect(why.join()).toMatch(/voxels deep/);
    expect(found.slicesToCheck.some(({ slice }) => slice === 1)).toBe(false);
  });
});

it('a click in the wrong place: every slice it spoils is pointed out', async () => {
  const stack = simulatedStack({ noise: 5, rician: true, columns: 60 });
  const found = await outlineCord(stack.image, stack.grid, { contrast: 'dwi', seeds: [[52, 40, 3]] });
  const why = found.slicesToCheck.filter(({ slice }) => slice === 3).map((entry) => entry.why);
  expect(why.join()).toMatch(/because of the click/);
  slicesOf(stack, found).forEach((value, slice) => {
    if (value < 0.85) expect(flagged(found)).toContain(slice);
  });
});

describe('two equally good cords and no click', () => {
  const [left, right] = [-9, 9].map((x) => simulatedStack({ centre: () => [x, 0], columns: 60, noise: 3 }));
  const image = left!.image.map((value, at) => Math.max(value, right!.image[at] ?? 0));

  it('one is outlined, and every slice says that a click is wanted', async () => {
    const found = await outlineCord(image, left!.grid, { contrast: 'dwi', seeds: [] });
    expect(flagged(found).size).toBe(7);
    expect(found.slicesToCheck[0]?.why).toMatch(/another place looks as much like a cord/);
  });
  it('after the click nothing is asked any more', async () => {
    const found = await outlineCord(image, left!.grid, { contrast: 'dwi', seeds: [[39.5, 23.5, 3]] });
    expect(found.slicesToCheck).toEqual([]);
  });
});

it('a cord cut by the border of the field is pointed out in every slice', async () => {
  const { toCheck } = await expectHonest({ centre: () => [19, 0] }, { except: [0, 1, 2, 3, 4, 5, 6] });
  expect(toCheck.size).toBe(7);
});
