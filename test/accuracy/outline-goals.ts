import { mean, type SliceResult } from './outline-cases';

/** One line of the table: what was asked, what was found. */
export interface Finding {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  /** Null: nothing is asked here, the figure is for information. */
  readonly met: boolean | null;
}

const atLeast = (what: string, value: number, least: number): Finding => ({
  what,
  goal: `>= ${least.toFixed(3)}`,
  measured: value.toFixed(3),
  met: value >= least,
});
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const atMost = (what: string, value: number, most: number): Finding => ({
  what,
  goal: `<= ${percent(most)}`,
  measured: percent(value),
  met: value <= most,
});

export const finding = { atLeast, atMost };

interface PhantomGoals {
  readonly dice?: number;
  readonly worst?: number;
  readonly flattened?: number;
  readonly areaBias?: number;
  readonly worstArea?: number;
  readonly flattenedArea?: number;
}

/** Asked from this signal-to-noise ratio on; nothing is asked below 6, except that slices are marked below 4. */
export function phantomGoals(snr: number): PhantomGoals {
  if (snr >= 10)
    return {
      dice: 0.97,
      worst: 0.94,
      flattened: 0.86,
      areaBias: 0.025,
      worstArea: 0.06,
      flattenedArea: 0.2,
    };
  return snr >= 6 ? { dice: 0.955, worst: 0.92, flattened: 0.82 } : {};
}

/** All cases of one shape at one signal-to-noise ratio. */
export function phantomFindings(name: string, snr: number, slices: readonly SliceResult[]): Finding[] {
  const goals = phantomGoals(snr);
  const ordinary = slices.filter(({ kind }) => kind === 'ordinary');
  const flattened = slices.filter(({ kind }) => kind === 'flattened');
  const lowest = (of: readonly SliceResult[]) => Math.min(...of.map(({ dice }) => dice));
  const largest = (of: readonly SliceResult[]) => Math.max(...of.map(({ areaError }) => Math.abs(areaError)));
  const row = (what: string, value: number, goal: number | undefined, compare: typeof atLeast) =>
    goal === undefined
      ? { ...compare(`${name}: ${what}`, value, 0), goal: '', met: null }
      : compare(`${name}: ${what}`, value, goal);
  return [
    row('Dice, mean of slices', mean(slices.map(({ dice }) => dice)), goals.dice, atLeast),
    row('Dice, worst ordinary slice', lowest(ordinary), goals.worst, atLeast),
    row('area, bias', Math.abs(mean(ordinary.map(({ areaError }) => areaError))), goals.areaBias, atMost),
    row('area, worst ordinary slice', largest(ordinary), goals.worstArea, atMost),
    ...(flattened.length === 0
      ? []
      : [
          row('Dice, worst flattened slice', lowest(flattened), goals.flattened, atLeast),
          row('area, worst flattened slice', largest(flattened), goals.flattenedArea, atMost),
        ]),
    ...markFindings(name, snr, slices),
  ];
}

/** A slice this wrong has to be marked. */
const WRONG = 0.85;

function markFindings(name: string, snr: number, slices: readonly SliceResult[]): Finding[] {
  const wrong = slices.filter(({ dice }) => dice < WRONG);
  const silent = wrong.filter(({ marked }) => !marked);
  const marked = slices.filter((slice) => slice.marked).length;
  const good = slices.filter((slice) => slice.dice >= 0.94);
  const falseAlarms = good.filter((slice) => slice.marked).length;
  return [
    {
      what: `${name}: wrong slices (Dice < ${String(WRONG)}) drawn silently`,
      goal: '0',
      measured: `${String(silent.length)} of ${String(wrong.length)}`,
      met: silent.length === 0,
    },
    snr < 4
      ? {
          what: `${name}: slices marked (too noisy)`,
          goal: 'all',
          measured: `${String(marked)} of ${String(slices.length)}`,
          met: marked === slices.length,
        }
      : {
          what: `${name}: good slices marked all the same`,
          goal: '',
          measured: `${String(falseAlarms)} of ${String(good.length)}`,
          met: null,
        },
  ];
}
