import { InputRefused } from '@myelon/diffusion';
import { assembleOutline } from './assemble-outline';
import type { AxialView } from './axial-view';
import { firstContour, refineContours, type SliceSearch } from './boundary';
import { breathing } from './breathing';
import { centreline, type PlaneSeed } from './centreline';
import { CONTRAST_RULES, type ContrastRules } from './contrast';
import { movedInward, withoutBlur } from './move-line';
import { scoreMap, type ScoreMap } from './matched-filter';
import type { CordOutline, OutlineOptions } from './outline-cord';
import { hasRival } from './rival';
import { contourPoints, type Contour } from './polar';
import { toPatient, type PlanePoint, type SliceFrame } from './slice-frame';
import { sliceImage, smoothed, type SliceImage } from './slice-image';

/** Below this score nothing in a slice looks like a cord. */
const LEAST_SCORE = 0.1;
/** Slices on either side that help to find the cord in the slice drawn first. */
const DRAFT_REACH = 1;
const PASSES = 2;

export type PlaneOptions = Omit<OutlineOptions, 'seeds' | 'firstSlice'> & {
  readonly seeds: readonly PlaneSeed[];
  readonly firstSlice: number | undefined;
};

/** A stack on its way to an outline. */
interface Work {
  readonly frame: SliceFrame;
  readonly rules: ContrastRules;
  readonly slices: readonly (SliceImage | null)[];
  /** Slices lightly smoothed: what the line is searched in. */
  readonly smooth: readonly (SliceImage | null)[];
  readonly maps: (ScoreMap | null)[];
  readonly seeds: readonly PlaneSeed[];
}

/** The outline of a stack whose slices cross the cord. @throws as `outlineCord` does */
export async function outlinePlanes(
  { image, grid }: AxialView,
  frame: SliceFrame,
  options: PlaneOptions,
): Promise<CordOutline> {
  const { seeds, offsetMm = 0, onProgress: report = () => undefined } = options;
  const rules = CONTRAST_RULES[options.contrast];
  const breathe = breathing(options.signal);
  const perSlice = grid.columns * grid.rows;
  const slices = Array.from({ length: grid.slices }, (_, slice) =>
    sliceImage(image.subarray(slice * perSlice, (slice + 1) * perSlice), grid.columns, grid.rows, frame),
  );
  const smooth = slices.map((slice) => slice && smoothed(slice));
  const work: Work = { frame, rules, slices, smooth, seeds, maps: slices.map(() => null) };
  const draft = (slice: number, contour: Contour | null) => {
    if (!contour) return;
    const points = contourPoints(movedInward(contour, offsetMm));
    options.onDraft?.({ slice, contour: points.map((point) => toPatient(grid, frame, point, slice)) });
  };

  const first = options.firstSlice ?? Math.floor(grid.slices / 2);
  const order = nearestFirst(grid.slices, first);
  for (const [done, slice] of order.entries()) {
    const of = smooth[slice];
    work.maps[slice] = of ? scoreMap(of, rules) : null;
    if (options.onDraft && done + 1 === Math.min(1 + 2 * DRAFT_REACH, grid.slices))
      draft(first, draftOf(work, first));
    report((0.6 * (done + 1)) / grid.slices);
    await breathe();
  }
  const { searches, clickedOnly, rival } = searchesOf(work);
  let contours: (Contour | null)[] = [];
  for (const [slice, search] of searches.entries()) {
    const contour = search && firstContour(search, rules);
    contours.push(contour);
    if (slice !== first) draft(slice, contour);
    await breathe();
  }
  report(0.75);
  for (let pass = 0; pass < PASSES; pass++) {
    await breathe();
    contours = refineContours(searches, contours, rules);
    report(0.85 + 0.1 * pass);
  }
  await breathe();
  const drawn = contours.map((contour) => contour && movedInward(withoutBlur(contour, frame), offsetMm));
  const found = {
    ...{ grid, frame, slices, rules, image, clickedOnly, rival, offsetMm },
    edges: contours,
    drawn,
  };
  const outline = assembleOutline(found);
  report(1);
  return outline;
}

/** Slice numbers by their distance from one of them. */
function nearestFirst(slices: number, from: number): number[] {
  return Array.from({ length: slices }, (_, slice) => slice).sort(
    (p, q) => Math.abs(p - from) - Math.abs(q - from),
  );
}

/** The line in one slice, found with its nearest neighbours alone. */
function draftOf({ frame, rules, smooth, maps, seeds }: Work, slice: number): Contour | null {
  const from = Math.max(slice - DRAFT_REACH, 0);
  const path = centreline(
    maps.slice(from, slice + DRAFT_REACH + 1),
    frame.sliceMm,
    seeds.map((seed) => ({ ...seed, slice: seed.slice - from })),
  );
  const image = smooth[slice];
  const start = path[slice - from];
  if (!image || !start || scoreAt(maps[slice], start) < LEAST_SCORE) return null;
  const search = { image, start };
  const [contour] = refineContours([search], [firstContour(search, rules)], rules);
  return contour ?? null;
}

interface Searches {
  readonly searches: readonly (SliceSearch | null)[];
  /** Slices searched only because of a click. */
  readonly clickedOnly: ReadonlySet<number>;
  /** Another place looks as much like a cord, and nobody clicked. */
  readonly rival: boolean;
}

/** Where to look in every slice. @throws InputRefused when nothing looks like a cord anywhere */
function searchesOf({ frame, smooth, maps, seeds }: Work): Searches {
  const path = centreline(maps, frame.sliceMm, seeds);
  const clickedOnly = new Set<number>();
  const searches = smooth.map((image, slice): SliceSearch | null => {
    const start = path[slice];
    const likely = start !== undefined && scoreAt(maps[slice], start) >= LEAST_SCORE;
    const seeded = seeds.some((seed) => seed.slice === slice);
    if (seeded && !likely) clickedOnly.add(slice);
    return image && start && (seeded || likely) ? { image, start } : null;
  });
  if (searches.every((search) => search === null)) {
    throw new InputRefused(
      'nothing in this image looks like a spinal cord',
      'cord outline',
      'choose another image, click on the cord, or outline by hand',
    );
  }
  return { searches, clickedOnly, rival: seeds.length === 0 && hasRival(maps, path) };
}

function scoreAt(map: ScoreMap | null | undefined, point: PlanePoint): number {
  if (!map) return -Infinity;
  return map.scores[Math.round(point.v - map.v0) * map.width + Math.round(point.u - map.u0)] ?? -Infinity;
}
