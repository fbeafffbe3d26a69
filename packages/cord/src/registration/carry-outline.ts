import { InputRefused, type VoxelGrid } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';
import { assembleOutline } from '../outline/assemble-outline';
import { breathing } from '../outline/breathing';
import { centreline } from '../outline/centreline';
import { CONTRAST_RULES, type OutlineContrast } from '../outline/contrast';
import type { ScoreMap } from '../outline/matched-filter';
import type { CordOutline } from '../outline/outline-cord';
import { sliceFrame } from '../outline/slice-frame';
import { sliceImage, type SliceImage } from '../outline/slice-image';
import { cordFraction } from './cord-fraction';
import { correlationAt, sliceTemplate, templateContour, type SliceTemplate } from './slice-template';

const { max, min } = Math;

export interface CarryOptions {
  /** Kind of the image that the outline is carried onto; the mean diffusion-weighted image is `dwi`. */
  readonly contrast: OutlineContrast;
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** How one slice had to be moved for the outline to fit it. */
export interface SliceShift {
  /** To the patient's left and to the back in the plane of the slice, mm. */
  readonly leftMm: number;
  readonly backMm: number;
  /** Correlation of outline and image at that place, up to 1. */
  readonly fit: number;
}

export interface CarriedOutline {
  readonly outline: CordOutline;
  /** Per slice of the image; null where the outline has no cord. */
  readonly shifts: readonly (SliceShift | null)[];
}

/** Slices move this far at most, mm. */
const REACH_MM = 8;
/** Correlation is worth this much beside the cost of moving, in the search for whole millimetres. */
const FIT_WEIGHT = 4;
/** Cost per mm2 of lying elsewhere than the neighbours, in units of correlation: EPI moves slices one by one. */
const PULL = 0.002;
const SWEEPS = 2;
const STEPS_MM = [0.5, 0.25, 0.12, 0.06, 0.03];
/** Below this correlation the outline does not fit what is seen. */
const LEAST_FIT = 0.5;

/**
 * Carries an outline drawn on another image of the same session onto this one: cut through every slice, and moved in
 * the plane of each slice to where it fits best (rigid; whole millimetres by a path through all slices, then finer).
 * @param shape the outline in patient coordinates, on a grid of its own
 * @param image `[slice][row][column]`
 * @throws InputRefused when no slice of the image meets the outline; the reason of `signal` when aborted
 */
export async function carryOutline(
  shape: CordMask | CordOutline,
  image: Float32Array,
  grid: VoxelGrid,
  options: CarryOptions,
): Promise<CarriedOutline> {
  const frame = sliceFrame(grid);
  const rules = CONTRAST_RULES[options.contrast];
  const breathe = breathing(options.signal);
  const perSlice = grid.columns * grid.rows;
  const cord = cordFraction(shape);
  const slices: Placed[] = [];
  for (let slice = 0; slice < grid.slices; slice++) {
    const values = image.subarray(slice * perSlice, (slice + 1) * perSlice);
    const of = sliceImage(values, grid.columns, grid.rows, frame);
    const template = of && sliceTemplate(cord, grid, frame, slice);
    slices.push({ image: of, template, map: of && template && fitMap(template, of, rules.polarity) });
    options.onProgress?.((0.8 * (slice + 1)) / grid.slices);
    await breathe();
  }
  if (slices.every(({ template }) => template === null)) {
    throw new InputRefused(
      'the outline lies in none of its slices',
      'outline from another image',
      'choose an image of the same part of the neck, from the same session',
    );
  }
  const shifts = refined(slices, coarse(slices, frame.sliceMm), rules.polarity);
  const contours = slices.map(({ template }, slice) => {
    const shift = shifts[slice];
    return template && shift ? templateContour(template, shift.leftMm, shift.backMm) : null;
  });
  const outline = assembleOutline({
    ...{ grid, frame, rules, image, edges: contours, drawn: contours, offsetMm: 0, rival: false },
    slices: slices.map((slice) => slice.image),
    clickedOnly: new Set(),
  });
  options.onProgress?.(1);
  return { outline: withPoorFits(outline, shifts), shifts };
}

interface Placed {
  readonly image: SliceImage | null;
  readonly template: SliceTemplate | null;
  readonly map: ScoreMap | null;
}

/** Fit at whole millimetres to every side. */
function fitMap(template: SliceTemplate, image: SliceImage, polarity: number): ScoreMap {
  const width = 2 * REACH_MM + 1;
  const scores = Float32Array.from(
    { length: width * width },
    (_, at) =>
      FIT_WEIGHT *
      polarity *
      correlationAt(template, image, (at % width) - REACH_MM, Math.floor(at / width) - REACH_MM),
  );
  return { u0: -REACH_MM, v0: -REACH_MM, width, height: width, scores };
}

function coarse(slices: readonly Placed[], sliceMm: number): (readonly [number, number] | null)[] {
  const path = centreline(
    slices.map(({ map }) => map),
    sliceMm,
    [],
  );
  return slices.map(({ map }, slice) => {
    const point = path[slice];
    return map && point ? [point.u, point.v] : null;
  });
}

function refined(
  slices: readonly Placed[],
  start: readonly (readonly [number, number] | null)[],
  polarity: number,
): (SliceShift | null)[] {
  let current = [...start];
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    current = slices.map(({ image, template }, slice) => {
      const from = current[slice];
      if (!image || !template || !from) return null;
      const near = [current[slice - 1], current[slice + 1]].filter((one) => one != null);
      const pull = ([u, v]: readonly [number, number]) =>
        near.reduce((sum, [nu, nv]) => sum + ((u - nu) ** 2 + (v - nv) ** 2) / near.length, 0);
      return climbed(
        from,
        (at) => polarity * correlationAt(template, image, ...at) - PULL * min(pull(at), REACH_MM ** 2),
      );
    });
  return slices.map(({ image, template }, slice) => {
    const at = current[slice];
    if (!image || !template || !at) return null;
    const fit = polarity * correlationAt(template, image, ...at);
    return { leftMm: at[0], backMm: at[1], fit };
  });
}

/** To the top of the hill, in ever smaller steps. */
function climbed(
  from: readonly [number, number],
  height: (at: readonly [number, number]) => number,
): readonly [number, number] {
  let at = from;
  let best = height(at);
  for (const step of STEPS_MM) {
    for (let turn = 0; turn < 12; turn++) {
      const before = best;
      for (const [du, dv] of [
        [step, 0],
        [-step, 0],
        [0, step],
        [0, -step],
      ] as const) {
        const next = [bounded(at[0] + du), bounded(at[1] + dv)] as const;
        const value = height(next);
        if (value > best) [at, best] = [next, value];
      }
      if (best === before) break;
    }
  }
  return at;
}

const bounded = (value: number) => min(max(value, -REACH_MM), REACH_MM);

function withPoorFits(outline: CordOutline, shifts: readonly (SliceShift | null)[]): CordOutline {
  const poor = shifts.flatMap((shift, slice) =>
    shift && shift.fit < LEAST_FIT
      ? [
          {
            slice,
            why: `the outline of the other image fits poorly here (correlation ${shift.fit.toFixed(2)})`,
          },
        ]
      : [],
  );
  return {
    ...outline,
    slicesToCheck: [...outline.slicesToCheck, ...poor].sort((p, q) => p.slice - q.slice),
  };
}
