import type { QuantityId } from '@myelon/diffusion';
import type { RegionRecord, ReportedAnalysis } from '@myelon/pipeline';
import { FA_F_RULE } from '@myelon/prognosis';
import { statisticsOf } from './summaries';

/** One quantity of one region at two dates, in the stored unit. */
export interface Change {
  readonly region: string;
  readonly quantity: QuantityId;
  readonly earlier: number | null;
  readonly later: number | null;
  readonly difference: number | null;
  /** Repeatability coefficient: two scans of an unchanged cord differ by less in 95 of 100; null where it is not known. */
  readonly error: number | null;
  readonly verdict: 'within error' | 'beyond error' | 'not known';
}

const COMPARED = ['fa', 'ivim_f', 'md'] as const;
const REGIONS = ['compression', 'whole-cord'] as const;

/** Repeatability coefficient as a share of the value; MD of single levels has none that was published for this model. */
const RELATIVE_ERROR: Partial<Record<QuantityId, number>> = {
  fa: FA_F_RULE.fa.greyZone / FA_F_RULE.fa.cutOff,
  ivim_f: FA_F_RULE.f.greyZone / FA_F_RULE.f.cutOff,
};

/** Differences between two reports, region by region, where both have the region. */
export function changesBetween(earlier: ReportedAnalysis, later: ReportedAnalysis): Change[] {
  return REGIONS.flatMap((kind) => {
    const before = regionOf(earlier, kind);
    const after = regionOf(later, kind);
    return before && after ? COMPARED.map((quantity) => changeOf(before, after, quantity)) : [];
  });
}

function regionOf({ regions }: ReportedAnalysis, wanted: RegionRecord['kind']): RegionRecord | undefined {
  return regions.find(({ kind }) => kind === wanted);
}

function changeOf(before: RegionRecord, after: RegionRecord, quantity: QuantityId): Change {
  const earlier = statisticsOf(before, quantity)?.mean ?? null;
  const later = statisticsOf(after, quantity)?.mean ?? null;
  const about = { region: after.name, quantity, earlier, later };
  if (earlier === null || later === null)
    return { ...about, difference: null, error: null, verdict: 'not known' };
  const difference = later - earlier;
  const relative = RELATIVE_ERROR[quantity];
  if (relative === undefined) return { ...about, difference, error: null, verdict: 'not known' };
  const error = (relative * (earlier + later)) / 2;
  return {
    ...about,
    difference,
    error,
    verdict: Math.abs(difference) > error ? 'beyond error' : 'within error',
  };
}
