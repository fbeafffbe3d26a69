import { InputRefused } from '@myelon/diffusion';

/** Intervertebral discs from the top down, as a reader calls them. C1/2 has no disc: it stands for the upper end of C2. */
export const DISC_NAMES = ['C1/2', 'C2/3', 'C3/4', 'C4/5', 'C5/6', 'C6/7', 'C7/T1', 'T1/2'] as const;
export type DiscName = (typeof DISC_NAMES)[number];

/** Vertebrae between them: `VERTEBRA_NAMES[i]` lies above `DISC_NAMES[i]`. */
export const VERTEBRA_NAMES = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'T1', 'T2'] as const;
export type VertebraName = (typeof VERTEBRA_NAMES)[number];

/**
 * Distance along the canal from each disc to the next below, mm: height of the vertebra and of a disc in adults, as a
 * start; sizes of people differ by some 15 %, which two known discs, or the image, correct.
 */
export const ORDINARY_SPACING_MM: Readonly<Record<Exclude<DiscName, 'T1/2'>, number>> = {
  'C1/2': 20,
  'C2/3': 17,
  'C3/4': 16.5,
  'C4/5': 16.5,
  'C5/6': 16.5,
  'C6/7': 17.5,
  'C7/T1': 20,
};

/** A disc at its place along the cord. */
export interface DiscLevel {
  readonly name: DiscName;
  /** Distance along the cord from its uppermost slice, mm; negative above it. */
  readonly positionMm: number;
  /** A person put it there; the others are proposed. */
  readonly known: boolean;
}

/** Discs nearer to each other than this are no neighbours, mm. */
const LEAST_SPACING_MM = 8;

/** @throws InputRefused for a name that is none of {@link DISC_NAMES} */
export function discName(text: string): DiscName {
  const wanted = text
    .trim()
    .toUpperCase()
    .replace('-', '/')
    .replace(/\/([CT])(?=[2-7]$)/, '/');
  const name = DISC_NAMES.find((one) => one === wanted);
  if (!name) {
    throw new InputRefused(`no disc is called "${text}"`, 'levels', `name one of ${DISC_NAMES.join(', ')}`);
  }
  return name;
}

/**
 * Checks the discs a person named, and puts them in order from the top down.
 * @throws InputRefused when there is none, one is named twice, or two are in the wrong order or too close
 */
export function knownDiscs(
  discs: readonly { readonly name: DiscName; readonly positionMm: number }[],
): DiscLevel[] {
  const refuse = (what: string) =>
    new InputRefused(what, 'levels', 'check the discs: each once, from the top down');
  const ordered = [...discs].sort((p, q) => DISC_NAMES.indexOf(p.name) - DISC_NAMES.indexOf(q.name));
  if (ordered.length === 0) throw refuse('no disc is named');
  ordered.slice(1).forEach((disc, at) => {
    const above = ordered[at];
    if (!above) return;
    const steps = DISC_NAMES.indexOf(disc.name) - DISC_NAMES.indexOf(above.name);
    if (steps === 0) throw refuse(`${disc.name} is named twice`);
    if (disc.positionMm - above.positionMm < LEAST_SPACING_MM * steps) {
      const apart = (disc.positionMm - above.positionMm).toFixed(0);
      throw refuse(`${disc.name} lies ${apart} mm below ${above.name}`);
    }
  });
  return ordered.map(({ name, positionMm }) => ({ name, positionMm, known: true }));
}
