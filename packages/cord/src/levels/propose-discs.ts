import { DISC_NAMES, knownDiscs, ORDINARY_SPACING_MM, type DiscLevel, type DiscName } from './discs';
import type { SpineProfile } from './spine-profile';

/** Half the length of profile that is compared from disc to disc, mm: a disc and half of either vertebra. */
const PATTERN_MM = 8;
/** How far a disc may lie from where its neighbour's spacing puts it, mm. */
const SEARCH_MM = 4;
/** Cost of a deviation, in units of correlation per (deviation / 3 mm)2. */
const DEVIATION_MM = 3;
const DEVIATION_COST = 0.25;
/** Correlations below this say that the image shows no disc there: the ordinary spacing stands. */
const LEAST_CORRELATION = 0.3;
/** Share of a person's own spacing that goes into the next; the rest is the ordinary one. */
const OWN_SHARE = 0.6;

/**
 * All discs from the ones a person knows: the others follow by ordinary spacing, scaled to the person where two are
 * known, and by how the spine in front of the cord repeats itself in a sagittal image.
 *
 * @param known one or more discs and where they lie along the cord
 * @param profile intensity of the spine along the cord; null when there is no sagittal image
 * @throws InputRefused when the known discs contradict each other
 */
export function proposeDiscs(
  known: readonly { readonly name: DiscName; readonly positionMm: number }[],
  profile: SpineProfile | null = null,
): DiscLevel[] {
  const fixed = knownDiscs(known);
  const scale = spacingScale(fixed);
  const positions = new Map(fixed.map(({ name, positionMm }) => [name, positionMm]));
  const ordered = [...DISC_NAMES];
  fillBetween(positions, fixed, profile);
  const first = fixed[0];
  const last = fixed.at(-1);
  if (first) walk(positions, ordered.slice(0, ordered.indexOf(first.name) + 1).reverse(), -1, scale, profile);
  if (last) walk(positions, ordered.slice(ordered.indexOf(last.name)), 1, scale, profile);
  return ordered.flatMap((name) => {
    const positionMm = positions.get(name);
    if (positionMm === undefined) return [];
    return [{ name, positionMm, known: fixed.some((disc) => disc.name === name) }];
  });
}

/**
 * Discs after a person has moved one: it is known from now on, and those that were only proposed follow.
 * @throws InputRefused when it would pass a disc that is known
 */
export function moveDisc(
  discs: readonly DiscLevel[],
  name: DiscName,
  positionMm: number,
  profile: SpineProfile | null = null,
): DiscLevel[] {
  const others = discs.filter((disc) => disc.known && disc.name !== name);
  return proposeDiscs([...others, { name, positionMm }], profile);
}

/** This person's spacing over the ordinary one; 1 with a single disc. */
function spacingScale(fixed: readonly DiscLevel[]): number {
  const [first, last] = [fixed[0], fixed.at(-1)];
  if (!first || !last || first === last) return 1;
  return (last.positionMm - first.positionMm) / ordinaryDistance(first.name, last.name);
}

function ordinaryDistance(from: DiscName, to: DiscName): number {
  return DISC_NAMES.slice(DISC_NAMES.indexOf(from), DISC_NAMES.indexOf(to)).reduce(
    (sum, name) => sum + (name === 'T1/2' ? 0 : ORDINARY_SPACING_MM[name]),
    0,
  );
}

function fillBetween(
  positions: Map<DiscName, number>,
  fixed: readonly DiscLevel[],
  profile: SpineProfile | null,
): void {
  fixed.slice(1).forEach((below, at) => {
    const above = fixed[at];
    if (!above) return;
    const scale = (below.positionMm - above.positionMm) / ordinaryDistance(above.name, below.name);
    for (const name of DISC_NAMES.slice(DISC_NAMES.indexOf(above.name) + 1, DISC_NAMES.indexOf(below.name))) {
      const expected = above.positionMm + scale * ordinaryDistance(above.name, name);
      positions.set(name, refined(expected, above.positionMm, profile).positionMm);
    }
  });
}

/** From a known disc outwards; every disc is looked for where the spacing so far puts it. */
function walk(
  positions: Map<DiscName, number>,
  names: readonly DiscName[],
  downwards: 1 | -1,
  scale: number,
  profile: SpineProfile | null,
): void {
  let own = scale;
  names.slice(1).forEach((name, at) => {
    const from = names[at];
    const start = from && positions.get(from);
    if (from === undefined || start === undefined) return;
    const ordinary = downwards === 1 ? ordinaryDistance(from, name) : ordinaryDistance(name, from);
    const { positionMm, seen } = refined(start + downwards * own * ordinary, start, profile);
    positions.set(name, positionMm);
    if (seen) own = OWN_SHARE * (Math.abs(positionMm - start) / ordinary) + (1 - OWN_SHARE) * own;
  });
}

/** The place near the expected one that looks most like the disc it is compared with. */
function refined(
  expectedMm: number,
  likeMm: number,
  profile: SpineProfile | null,
): { positionMm: number; seen: boolean } {
  let best = { positionMm: expectedMm, score: -Infinity, correlation: 0 };
  if (profile) {
    const step = profile.stepMm;
    for (let off = -SEARCH_MM; off <= SEARCH_MM + step / 2; off += step) {
      const match = correlation(profile, likeMm, expectedMm + off);
      if (match === null) continue;
      const score = match - DEVIATION_COST * (off / DEVIATION_MM) ** 2;
      if (score > best.score) best = { positionMm: expectedMm + off, score, correlation: match };
    }
  }
  const seen = best.correlation >= LEAST_CORRELATION;
  return { positionMm: seen ? best.positionMm : expectedMm, seen };
}

/** Pearson's correlation of the profile round two places; null where it is not known. */
function correlation({ values, startMm, stepMm }: SpineProfile, pMm: number, qMm: number): number | null {
  const at = (mm: number) => values[Math.round((mm - startMm) / stepMm)] ?? Number.NaN;
  let [n, sp, sq, spp, sqq, spq] = [0, 0, 0, 0, 0, 0];
  for (let off = -PATTERN_MM; off <= PATTERN_MM; off += stepMm) {
    const [p, q] = [at(pMm + off), at(qMm + off)];
    if (Number.isNaN(p) || Number.isNaN(q)) continue;
    n += 1;
    sp += p;
    sq += q;
    spp += p * p;
    sqq += q * q;
    spq += p * q;
  }
  if (n < (1.5 * PATTERN_MM) / stepMm) return null;
  const spread = Math.sqrt((spp - (sp * sp) / n) * (sqq - (sq * sq) / n));
  return spread > 0 ? (spq - (sp * sq) / n) / spread : null;
}
