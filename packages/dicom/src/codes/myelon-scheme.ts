import type { Attributes } from '../write/attributes';
import { code, type Code } from './code';

/**
 * Concepts that no public scheme has. `docs/codes/99MYELON.csv` is the published table; a value, once published, is
 * never given another meaning.
 */
export const MYELON_SCHEME = {
  designator: '99MYELON',
  name: 'Myelon coded concepts',
  version: '1',
  organization: 'Myelon',
} as const;

const myelon = (value: string, meaning: string): Code => code(value, MYELON_SCHEME.designator, meaning);

export const MYELON_CODES = {
  singleTensorModel: myelon('MYL-M01', 'Single diffusion tensor model'),
  weightedLeastSquares: myelon('MYL-M02', 'Weighted linear least squares fit'),
  percentile25: myelon('MYL-P25', '25th percentile'),
  percentile75: myelon('MYL-P75', '75th percentile'),
  voxelsUsed: myelon('MYL-N01', 'Number of voxels used'),
  voxelsExcluded: myelon('MYL-N02', 'Number of voxels excluded'),
  voxelsAtBound: myelon('MYL-N03', 'Number of voxels at a bound of the fit'),
  recoveryStatement: myelon('MYL-100', 'Statement on recovery after decompressive surgery'),
  faAtOrAboveCutOff: myelon('MYL-103', 'FA at or above cut-off'),
  fAtOrAboveCutOff: myelon('MYL-104', 'IVIM f at or above cut-off'),
  likelihoodRatio: myelon('MYL-105', 'Likelihood ratio of good recovery'),
  likelihoodRatioLow: myelon('MYL-106', 'Likelihood ratio of good recovery, lower 95 % limit'),
  likelihoodRatioHigh: myelon('MYL-107', 'Likelihood ratio of good recovery, upper 95 % limit'),
  faInGreyZone: myelon('MYL-113', 'FA within the grey zone of its cut-off'),
  fInGreyZone: myelon('MYL-114', 'IVIM f within the grey zone of its cut-off'),
  faCutOff: myelon('MYL-120', 'FA cut-off applied'),
  fCutOff: myelon('MYL-121', 'IVIM f cut-off applied'),
  faGreyZone: myelon('MYL-122', 'Half-width of the FA grey zone'),
  fGreyZone: myelon('MYL-123', 'Half-width of the IVIM f grey zone'),
  faJudged: myelon('MYL-124', 'FA that was judged'),
  fJudged: myelon('MYL-125', 'IVIM f that was judged'),
  abstained: myelon('MYL-132', 'Reason for giving no statement'),
  missingReason: myelon('MYL-133', 'Reason for a missing value'),
  fixedStatement: myelon('MYL-134', 'Statement that goes with every result'),
  warning: myelon('MYL-135', 'Warning'),
  exclusionReason: myelon('MYL-136', 'Reason for excluding voxels'),
  quality: myelon('MYL-137', 'Quality of the measurement'),
} as const;

/** Item of Coding Scheme Identification Sequence; in every object that uses a code of the scheme. */
export function myelonSchemeItem(): Attributes {
  return {
    CodingSchemeDesignator: MYELON_SCHEME.designator,
    CodingSchemeName: MYELON_SCHEME.name,
    CodingSchemeVersion: MYELON_SCHEME.version,
    CodingSchemeResponsibleOrganization: MYELON_SCHEME.organization,
  };
}
