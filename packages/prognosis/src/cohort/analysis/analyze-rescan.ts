import type { RescanPairs } from '../csv/read-rescan-csv';
import { Z_975 } from '../distributions/distributions';
import { repeatability } from '../repeatability';
import { Absences } from './absences';
import { withoutNaN } from './finite-json';

export const RESCAN_DEFINITION =
  'wSD=sqrt(mean(d^2)/2); RC=1.96*sqrt(2)*wSD; wCV_rms=sqrt(mean((d^2/2)/m^2)); wCV_log=sqrt(exp(mean(dlog^2)/2)-1); ' +
  'ICC by two-way ANOVA; difference = scan1-scan2; wSD CI uses n degrees of freedom (no bias term removed)';

/** Repeatability of each marker. Null has its reason in `not_available`. */
export type RescanAnalysis = ReturnType<typeof analyzeRescan>;

export function analyzeRescan(markers: readonly RescanPairs[]) {
  const absences = new Absences();
  const sections = markers.map(({ key, first, second }) => {
    const section = absences.attempt(key, () => rescanSection(first, second));
    return [key, section] as const;
  });
  return withoutNaN({
    definition: RESCAN_DEFINITION,
    markers: Object.fromEntries(sections),
    not_available: absences.list,
  });
}

function rescanSection(first: Float64Array, second: Float64Array) {
  const found = repeatability(first, second);
  const { blandAltman } = found;
  return {
    n: found.n,
    grand_mean: found.grandMean,
    wSD: found.wSD,
    RC: found.rc,
    wCV_ratio_pct: 100 * found.wCVRatio,
    wCV_rms_pct: 100 * found.wCVRootMeanSquare,
    wCV_log_pct: found.wCVLog === null ? null : 100 * found.wCVLog,
    RC_pct_of_mean: 100 * Z_975 * Math.SQRT2 * found.wCVRootMeanSquare,
    RC_pct_of_grand_mean: (100 * found.rc) / found.grandMean,
    wSD_ci95: found.wSDInterval,
    icc_2_1_agreement: found.icc?.agreement21 ?? null,
    icc_3_1_consistency: found.icc?.consistency31 ?? null,
    icc_1_1: found.icc?.oneWay11 ?? null,
    bland_altman: {
      bias: blandAltman.bias,
      sd_diff: blandAltman.standardDeviation,
      loa: blandAltman.limits,
      bias_ci95: blandAltman.biasInterval,
    },
  };
}
