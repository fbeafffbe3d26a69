import type { Attributes } from '../write/attributes';
import { code, type Code } from './code';

/**
 * Concepts that no public scheme has. `docs/codes/99MYELON.csv` is the published table; a value, once published, is
 * never given another meaning.
 */
export const MYELON_SCHEME = {
  designator: '99MYELON',
  name: 'Myelon coded concepts',
  version: '2',
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
  mjoaTotal: myelon('MYL-001', 'mJOA total'),
  mjoaMotorUpper: myelon('MYL-002', 'mJOA motor function of the upper limbs'),
  mjoaMotorLower: myelon('MYL-003', 'mJOA motor function of the lower limbs'),
  mjoaSensationUpper: myelon('MYL-004', 'mJOA sensation of the upper limbs'),
  mjoaSphincter: myelon('MYL-005', 'mJOA sphincter function'),
  mjoaSeverity: myelon('MYL-006', 'mJOA severity category'),
  mjoaSensationLower: myelon('MYL-007', 'JOA sensation of the lower limbs'),
  mjoaSensationTrunk: myelon('MYL-008', 'JOA sensation of the trunk'),
  mjoaVersion: myelon('MYL-009', 'Version of the mJOA'),
  mjoa18: myelon('MYL-010', 'mJOA, 18 points'),
  mjoa17: myelon('MYL-011', 'mJOA, 17 points'),
  joa17: myelon('MYL-012', 'JOA, 17 points, six items'),
  mjoaMaximum: myelon('MYL-013', 'mJOA maximum of the version'),
  nurickGrade: myelon('MYL-014', 'Nurick grade'),
  recoveryRate: myelon('MYL-015', 'mJOA recovery rate'),
  mjoaChange: myelon('MYL-016', 'Change of mJOA'),
  halfRegained: myelon('MYL-017', 'At least half of the lost mJOA points regained'),
  assessedOn: myelon('MYL-018', 'Date of clinical assessment'),
  timePoint: myelon('MYL-019', 'Time of assessment relative to surgery'),
  beforeSurgery: myelon('MYL-020', 'Before surgery'),
  afterSurgery: myelon('MYL-021', 'After surgery'),
  symptomDuration: myelon('MYL-022', 'Duration of symptoms'),
  smoker: myelon('MYL-023', 'Smoker'),
  impairedGait: myelon('MYL-024', 'Impaired gait'),
  comorbidity: myelon('MYL-025', 'Other illness'),
  psychologicalIllness: myelon('MYL-026', 'Psychological illness'),
  probability: myelon('MYL-101', 'Probability of good surgical recovery'),
  probabilityLow: myelon('MYL-108', 'Probability of good recovery, lower 95 % limit'),
  probabilityHigh: myelon('MYL-109', 'Probability of good recovery, upper 95 % limit'),
  score: myelon('MYL-140', 'FA and f score'),
  scoreModelLow: myelon('MYL-141', 'FA and f score, lower limit, other studies'),
  scoreModelHigh: myelon('MYL-142', 'FA and f score, upper limit, other studies'),
  scoreRescanLow: myelon('MYL-143', 'FA and f score, lower limit, second scan'),
  scoreRescanHigh: myelon('MYL-144', 'FA and f score, upper limit, second scan'),
  scoreSentence: myelon('MYL-145', 'What the FA and f score says'),
  scoreAbstained: myelon('MYL-146', 'Reason for giving no score'),
  scoreStatement: myelon('MYL-147', 'Statement that goes with every score'),
  probabilityMissing: myelon('MYL-148', 'Reason for giving no probability'),
  apDiameter: myelon('MYL-201', 'Front-back diameter of the spinal cord'),
  transverseDiameter: myelon('MYL-202', 'Left-right diameter of the spinal cord'),
  compressionRatio: myelon('MYL-203', 'Compression ratio of the spinal cord'),
  maximumSpinalCordCompression: myelon('MYL-204', 'Maximum spinal cord compression'),
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
