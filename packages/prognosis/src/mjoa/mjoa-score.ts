import { InputRefused } from '@myelon/diffusion';
import { MJOA_SCALES, type MjoaVersion } from './mjoa-scales';

/** A scored mJOA of one version. Scores of different versions are different types: nothing takes two of a kind apart. */
export interface MjoaScore<Version extends MjoaVersion = MjoaVersion> {
  readonly version: Version;
  readonly total: number;
  /** Best total of the version, stored with the score so that no reader has to know it. */
  readonly maximum: number;
  /** Points per item id; null when only the total is known. */
  readonly items: Readonly<Record<string, number>> | null;
}

/**
 * Score from its items.
 * @throws InputRefused when an item is missing, unknown or out of its range
 */
export function mjoaFromItems<Version extends MjoaVersion>(
  version: Version,
  items: Readonly<Record<string, number>>,
): MjoaScore<Version> {
  const scale = MJOA_SCALES[version];
  const unknown = Object.keys(items).filter((id) => !scale.items.some((item) => item.id === id));
  if (unknown.length > 0) throw refused(`${unknown.join(', ')} is no item of it`, version);
  const scored = scale.items.map(({ id, name, levels }) => {
    const points = items[id];
    const most = levels.length - 1;
    if (points === undefined) throw refused(`${name} is not scored`, version);
    if (!Number.isInteger(points) || points < 0 || points > most)
      throw refused(`${name} is ${String(points)}, it goes from 0 to ${String(most)}`, version);
    return [id, points] as const;
  });
  const total = scored.reduce((sum, [, points]) => sum + points, 0);
  return { version, total, maximum: scale.maximum, items: Object.fromEntries(scored) };
}

/**
 * Score of which only the total is known.
 * @throws InputRefused when the total is no whole number from 0 to the version's maximum
 */
export function mjoaFromTotal<Version extends MjoaVersion>(
  version: Version,
  total: number,
): MjoaScore<Version> {
  const { maximum } = MJOA_SCALES[version];
  if (!Number.isInteger(total) || total < 0 || total > maximum)
    throw refused(`a total of ${String(total)} cannot be, it goes from 0 to ${String(maximum)}`, version);
  return { version, total, maximum, items: null };
}

function refused(what: string, version: MjoaVersion): InputRefused {
  return new InputRefused(what, MJOA_SCALES[version].name, 'check the form and its version');
}

export type Severity = 'none' | 'mild' | 'moderate' | 'severe';

/**
 * Severity of an 18-point mJOA: 18 no deficit, mild 15 to 17, moderate 12 to 14, severe 11 and below (Eur Spine J
 * 2017;26:78). Null for other versions: no bands are published for them.
 */
export function mjoaSeverity({ version, total }: MjoaScore): Severity | null {
  if (version !== 'mjoa-18') return null;
  if (total === 18) return 'none';
  if (total >= 15) return 'mild';
  return total >= 12 ? 'moderate' : 'severe';
}

/**
 * Points of change that matter to patients, by severity before the operation: 1 mild, 2 moderate, 3 severe (after Spine
 * 2015;40:1653, 18-point version). Other estimates run from 1.25 to 3.07 points. Null for other versions.
 */
export function mjoaMinimalImportantChange(before: MjoaScore): number | null {
  const severity = mjoaSeverity(before);
  if (severity === null || severity === 'none') return null;
  return { mild: 1, moderate: 2, severe: 3 }[severity];
}
