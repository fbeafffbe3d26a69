import type { CordSection } from './cord-sections';

/**
 * Reference slices lie between these distances along the cord from the compression, mm: 20 mm of cord, 10 mm away, as
 * the Spinal Cord Toolbox takes them by default.
 */
const REFERENCE_MM = [10, 30] as const;

/** Cord that is taken as not compressed. */
export interface ReferenceCord {
  readonly slices: readonly number[];
  readonly apDiameterMm: number;
  readonly areaMm2: number;
}

/** How much narrower the cord is at some slices than above and below. */
export interface CordCompression {
  /** Slices at the compression. */
  readonly slices: readonly number[];
  /** Slice among them with the smallest front-back diameter. */
  readonly narrowestSlice: number;
  readonly apDiameterMm: number;
  readonly areaMm2: number;
  /** Front-back over left-right diameter at the narrowest slice (Okada et al. 1994, Spine 19:2301). */
  readonly compressionRatio: number;
  readonly above: ReferenceCord | null;
  readonly below: ReferenceCord | null;
  /**
   * Maximum spinal cord compression, a fraction: 1 - d / ((above + below) / 2), front-back diameters (Miyanji et al.
   * 2007, Radiology 243:820). With a reference on one side only that side stands for both. Null without any.
   */
  readonly mscc: number | null;
  /** The same ratio of areas. */
  readonly areaReduction: number | null;
}

/**
 * Compression at given slices.
 * @returns null when none of them holds cord
 */
export function cordCompression(
  sections: readonly CordSection[],
  slices: readonly number[],
): CordCompression | null {
  const at = sections.filter(({ slice }) => slices.includes(slice));
  const [first] = at;
  if (!first) return null;
  const narrowest = at.reduce((least, one) => (one.apDiameterMm < least.apDiameterMm ? one : least), first);
  const [top, bottom] = [at[0] ?? first, at.at(-1) ?? first];
  const above = reference(sections, (position) => top.positionMm - position);
  const below = reference(sections, (position) => position - bottom.positionMm);
  const smallestArea = Math.min(...at.map(({ areaMm2 }) => areaMm2));
  return {
    slices: at.map(({ slice }) => slice),
    narrowestSlice: narrowest.slice,
    apDiameterMm: narrowest.apDiameterMm,
    areaMm2: smallestArea,
    compressionRatio: narrowest.compressionRatio,
    above,
    below,
    mscc: reduction(narrowest.apDiameterMm, above?.apDiameterMm, below?.apDiameterMm),
    areaReduction: reduction(smallestArea, above?.areaMm2, below?.areaMm2),
  };
}

/**
 * The slice whose front-back diameter is smallest beside what lies above and below: a proposal, the reader decides.
 * @returns null when no slice has a reference on both sides
 */
export function narrowestLevel(sections: readonly CordSection[]): CordCompression | null {
  return sections
    .map(({ slice }) => cordCompression(sections, [slice]))
    .filter((one) => one !== null && one.above !== null && one.below !== null)
    .reduce<CordCompression | null>(
      (most, one) => ((one?.mscc ?? -Infinity) > (most?.mscc ?? -Infinity) ? one : most),
      null,
    );
}

function reference(
  sections: readonly CordSection[],
  distanceOf: (positionMm: number) => number,
): ReferenceCord | null {
  const [from, to] = REFERENCE_MM;
  const chosen = sections.filter(({ positionMm }) => {
    const distance = distanceOf(positionMm);
    return distance >= from && distance <= to;
  });
  if (chosen.length === 0) return null;
  const mean = (of: (section: CordSection) => number) =>
    chosen.reduce((sum, section) => sum + of(section), 0) / chosen.length;
  return {
    slices: chosen.map(({ slice }) => slice),
    apDiameterMm: mean(({ apDiameterMm }) => apDiameterMm),
    areaMm2: mean(({ areaMm2 }) => areaMm2),
  };
}

function reduction(at: number, above: number | undefined, below: number | undefined): number | null {
  const references = [above, below].filter((value) => value !== undefined);
  if (references.length === 0) return null;
  return 1 - at / (references.reduce((sum, value) => sum + value, 0) / references.length);
}
