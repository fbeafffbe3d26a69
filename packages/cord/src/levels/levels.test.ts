import { InputRefused, voxelCount, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { cordCourse, nearestOnCourse } from '../morphometry/cord-course';
import { DISC_NAMES, discName, ORDINARY_SPACING_MM, type DiscName } from './discs';
import { moveDisc, proposeDiscs } from './propose-discs';
import { sliceLevels } from './slice-levels';
import { spineProfile } from './spine-profile';

/** A curved cord, slices 5 mm apart from the bottom up. */
const course = cordCourse(
  Array.from({ length: 24 }, (_, slice) => {
    const z = 5 * slice - 60;
    return { slice, centre: [0.02 * z, (z * z) / 500, z] as const };
  }),
);

/** A person `scale` times as tall as ordinary, C2/3 at 20 mm along the cord. */
function truth(scale: number): Map<DiscName, number> {
  let position = 20 - scale * ORDINARY_SPACING_MM['C1/2'];
  return new Map(
    DISC_NAMES.map((name) => {
      const here = position;
      if (name !== 'T1/2') position += scale * ORDINARY_SPACING_MM[name];
      return [name, here];
    }),
  );
}

/** Sagittal image: vertebrae bright, discs dark with a bright core, by position along the cord. */
function sagittalImage(discs: ReadonlyMap<DiscName, number>) {
  const grid: VoxelGrid = {
    columns: 34,
    rows: 190,
    slices: 5,
    affine: [0, 0, 3, -6, 1, 0, 0, -27, 0, -1, 0, 95],
  };
  const image = new Float32Array(voxelCount(grid));
  let at = 0;
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const foot = nearestOnCourse(course, voxelToPatient(grid, [i, j, k]));
        const away = Math.min(...[...discs.values()].map((p) => Math.abs(p - (foot?.positionMm ?? 0))));
        // Every vertebra has its own brightness; the noise is a fixed pattern.
        const vertebra = 100 + 12 * Math.sin(1.3 * (foot?.positionMm ?? 0)) + ((at * 7919) % 23);
        image[at] = away < 1 ? 70 : away < 3 ? 40 : vertebra;
      }
  return { image, grid };
}

describe('discs proposed from one click', () => {
  it.each([0.87, 1, 1.13])('in a sagittal image of a person of %s times ordinary size', (scale) => {
    const discs = truth(scale);
    const { image, grid } = sagittalImage(discs);
    const profile = spineProfile(image, grid, course);
    for (const clicked of ['C2/3', 'C5/6'] as const) {
      const positionMm = discs.get(clicked) ?? 0;
      const found = proposeDiscs([{ name: clicked, positionMm }], profile);
      expect(found.map(({ name }) => name)).toEqual([...DISC_NAMES]);
      for (const { name, positionMm: at, known } of found) {
        expect(known).toBe(name === clicked);
        // C1/2 has no disc to see, and T1/2 may lie beyond the image.
        if (name !== 'C1/2' && name !== 'T1/2') expect(Math.abs(at - (discs.get(name) ?? 0))).toBeLessThan(2);
      }
    }
  });

  it('by spacing alone, scaled by two known discs', () => {
    const discs = truth(1.12);
    const one = proposeDiscs([{ name: 'C3/4', positionMm: discs.get('C3/4') ?? 0 }]);
    const two = proposeDiscs(
      (['C2/3', 'C6/7'] as const).map((name) => ({ name, positionMm: discs.get(name) ?? 0 })),
    );
    const off = (found: typeof one) =>
      Math.max(...found.map(({ name, positionMm }) => Math.abs(positionMm - (discs.get(name) ?? 0))));
    expect(off(two)).toBeLessThan(0.01);
    expect(off(one)).toBeLessThan(12);
  });
});

describe('a disc that is dragged', () => {
  const start = proposeDiscs([{ name: 'C2/3', positionMm: 20 }]);
  const position = (discs: typeof start, name: DiscName) =>
    discs.find((disc) => disc.name === name)?.positionMm ?? Number.NaN;

  it('stays where it is put; what was only proposed follows, what was known stays', () => {
    const moved = moveDisc(start, 'C5/6', 76);
    expect(position(moved, 'C5/6')).toBe(76);
    expect(position(moved, 'C2/3')).toBe(20);
    expect(position(moved, 'C6/7')).toBeGreaterThan(position(start, 'C6/7'));
    expect(position(moved, 'C4/5')).toBeGreaterThan(position(start, 'C4/5'));
    expect(position(start, 'C5/6')).not.toBe(76);
  });

  it('is refused past a known one; so are names nobody uses', () => {
    expect(() => moveDisc(start, 'C5/6', 22)).toThrow(InputRefused);
    expect(() => moveDisc(start, 'C5/6', 22)).toThrow(/C5\/6 lies 2 mm below C2\/3/);
    expect(() => discName('L4/5')).toThrow(/no disc is called/);
    expect(discName('c5/c6')).toBe('C5/6');
    expect(discName('C7-T1')).toBe('C7/T1');
  });
});

it('names slices by vertebra, and by the disc they lie at', () => {
  const levels = sliceLevels(course, proposeDiscs([{ name: 'C2/3', positionMm: 20 }]));
  const at = (positionMm: number) => {
    const slice = course.reduce((best, point) =>
      Math.abs(point.positionMm - positionMm) < Math.abs(best.positionMm - positionMm) ? point : best,
    ).slice;
    return levels.find((level) => level.slice === slice);
  };
  expect(at(20)?.disc).toBe('C2/3');
  expect(at(28)).toMatchObject({ vertebra: 'C3', disc: null });
  expect(at(62)).toMatchObject({ vertebra: 'C5' });
  expect(levels).toHaveLength(24);
});
