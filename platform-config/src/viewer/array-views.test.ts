import ndarray from 'ndarray';
import { arrayViewConstructor } from './array-views.mjs';

interface View {
  readonly shape: number[];
  readonly stride: number[];
  readonly size: number;
  readonly dimension: number;
  get(...at: number[]): number;
  set(...at: number[]): void;
  index(...at: number[]): number;
  pick(...at: (number | null)[]): View;
  lo(...at: (number | null)[]): View;
  hi(...at: (number | null)[]): View;
  step(...by: (number | null)[]): View;
  transpose(...order: number[]): View;
}

const constructors: ((data: Uint16Array, shape: number[], stride: number[], offset: number) => View)[] = [];
for (let dimension = -1; dimension <= 4; dimension++) {
  constructors.push(arrayViewConstructor('uint16', dimension, constructors) as (typeof constructors)[number]);
}

/** Ours and the library's, over equal data. */
function pair(shape: number[]): { ours: View; theirs: View } {
  const size = shape.reduce((product, length) => product * length, 1);
  const theirs = ndarray(
    Uint16Array.from({ length: size }, (_, at) => at),
    shape,
  ) as unknown as View;
  const data = Uint16Array.from({ length: size }, (_, at) => at);
  return { ours: constructors[shape.length + 1]!(data, shape, theirs.stride, 0), theirs };
}

/** Every value of a view of up to three indices, with its shape. */
function contents(view: View): { shape: number[]; size: number; values: number[] } {
  const values: number[] = [];
  const walk = (at: number[]) => {
    if (at.length === view.dimension) values.push(view.get(...at));
    else for (let index = 0; index < (view.shape[at.length] ?? 0); index++) walk([...at, index]);
  };
  walk([]);
  return { shape: view.shape, size: view.size, values };
}

describe('views on flat arrays, as ndarray makes them', () => {
  it.each<[string, (view: View) => View]>([
    ['the whole', (view) => view],
    ['a part from an index', (view) => view.lo(1, null, 2)],
    ['a part up to an index', (view) => view.hi(2, 2)],
    ['every second', (view) => view.step(1, 2)],
    ['reversed, as for flipped images', (view) => view.step(1, -1, -1)],
    ['every second, reversed', (view) => view.step(1, 1, -2)],
    ['turned axes', (view) => view.transpose(2, 0, 1)],
    ['one slice', (view) => view.pick(1)],
    ['one row of one slice', (view) => view.pick(1, null, 3).lo(1)],
    ['a single value', (view) => view.pick(1, 2, 3)],
  ])('gives the same values for %s', (_, change) => {
    const { ours, theirs } = pair([3, 4, 5]);
    expect(contents(change(ours))).toEqual(contents(change(theirs)));
  });

  it('writes where it reads', () => {
    const { ours } = pair([3, 4, 5]);
    ours.transpose(2, 1, 0).set(4, 3, 2, 999);
    expect(ours.get(2, 3, 4)).toBe(999);
    expect(ours.index(2, 3, 4)).toBe(59);
  });
});
