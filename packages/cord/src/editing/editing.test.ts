import { InputRefused, type VoxelGrid } from '@myelon/diffusion';
import { cordSlices, type CordMask } from '../cord-mask';
import { copySlice, growSlice, interpolateMissingSlices } from './edit-slices';
import { outlineFindings } from './outline-findings';

const grid: VoxelGrid = {
  columns: 50,
  rows: 60,
  slices: 9,
  // Pixels twice as deep as wide.
  affine: [0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0],
};
const perSlice = 50 * 60;

interface Ellipse {
  x: number;
  y: number;
  a: number;
  b: number;
}
const inside = ({ x, y, a, b }: Ellipse, at: number) =>
  (((at % 50) * 0.5 - x) / a) ** 2 + ((Math.floor(at / 50) % 60) - y) ** 2 / b ** 2 <= 1;

/** Ellipses in mm, by slice. */
function drawn(shapes: readonly (Ellipse | null)[]): CordMask {
  const labels = new Uint8Array(perSlice * grid.slices);
  labels.forEach((_, at) => {
    const shape = shapes[Math.floor(at / perSlice)];
    labels[at] = shape && inside(shape, at) ? 1 : 0;
  });
  return { grid, labels, method: 'automatic' };
}

const cord = (slice: number): Ellipse => ({ x: 10 + 0.6 * slice, y: 30 - slice, a: 6, b: 4 + 0.2 * slice });
const all = Array.from({ length: 9 }, (_, slice) => cord(slice));

function dice(p: CordMask, q: CordMask, slice: number): number {
  let [both, sum] = [0, 0];
  for (let at = slice * perSlice; at < (slice + 1) * perSlice; at++) {
    const [a, b] = [(p.labels[at] ?? 0) > 0 ? 1 : 0, (q.labels[at] ?? 0) > 0 ? 1 : 0];
    both += a * b;
    sum += a + b;
  }
  return (2 * both) / sum;
}

const areaMm2 = (mask: CordMask, slice: number) =>
  0.5 * mask.labels.subarray(slice * perSlice, (slice + 1) * perSlice).reduce((sum, label) => sum + label, 0);

test('missing slices are drawn between their neighbours, also where the cord bends away', () => {
  const whole = drawn(all);
  const { mask, filled } = interpolateMissingSlices(
    drawn(all.map((shape, slice) => (slice >= 3 && slice <= 5 ? null : slice === 8 ? null : shape))),
  );
  expect(filled).toEqual([3, 4, 5]);
  expect(mask.method).toBe('edited');
  for (const slice of filled) expect(dice(mask, whole, slice)).toBeGreaterThan(0.95);
  // What was drawn stays, and nothing is drawn beyond the ends.
  expect(dice(mask, whole, 2)).toBe(1);
  expect(cordSlices(mask)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const complete = interpolateMissingSlices(whole);
  expect(complete.filled).toEqual([]);
  expect(complete.mask).toBe(whole);
});

test('a slice grows and shrinks by millimetres, whatever the size of the pixels', () => {
  const start = drawn(all);
  for (const by of [-1, 1]) {
    const changed = growSlice(start, 4, by);
    const { a, b } = cord(4);
    expect(Math.abs(areaMm2(changed, 4) / (Math.PI * (a + by) * (b + by)) - 1)).toBeLessThan(0.1);
    expect(areaMm2(changed, 3)).toBe(areaMm2(start, 3));
  }
  expect(() => growSlice(start, 4, -10)).toThrow(/nothing would be left in slice 5/);
  expect(() => growSlice(drawn([cord(0)]), 4, 1)).toThrow(InputRefused);
});

test('a slice is copied over the next', () => {
  const copied = copySlice(drawn([cord(0), cord(5)]), 0, 1);
  expect(copied.labels.subarray(perSlice, 2 * perSlice)).toEqual(copied.labels.subarray(0, perSlice));
  expect(() => copySlice(copied, 4, 5)).toThrow(/no cord is outlined in slice 5/);
  expect(() => copySlice(copied, 0, 9)).toThrow(/no slice 10/);
});

describe('what is odd between slices is pointed out', () => {
  const findings = (change: (slice: number) => Ellipse | null) =>
    outlineFindings(drawn(all.map((shape, slice) => (slice === 4 ? change(slice) : shape)))).map(
      ({ slice, kind }) => `${String(slice)} ${kind}`,
    );

  test.each<[string, (slice: number) => Ellipse | null, string]>([
    ['an outline that vanishes', () => null, '4 vanishes'],
    ['one that leaks', (slice) => ({ ...cord(slice), a: 8, b: 7 }), '4 leaks'],
    ['one that shrinks to half', (slice) => ({ ...cord(slice), b: 2 }), '4 jumps'],
    ['one that lies beside the others', (slice) => ({ ...cord(slice), x: cord(slice).x + 4 }), '4 jumps'],
  ])('%s', (_, change, expected) => {
    expect(findings(change)).toContain(expected);
  });

  test('and nothing about a cord that changes as cords do', () => {
    expect(findings(cord)).toEqual([]);
  });

  test('two pieces', () => {
    const mask = drawn(all);
    mask.labels[4 * perSlice + 3 * 50 + 45] = 1;
    expect(outlineFindings(mask)).toEqual([
      { slice: 4, kind: 'in pieces', why: 'the outline is in 2 pieces' },
    ]);
  });
});
