import { string, strings } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { privateNumber, type PrivateElement } from '../dataset/private-elements';
import { Tag } from '../dataset/tags';

/** Whole values of Image Type (0008,0008) or Frame Type of images that are no measured diffusion signal. */
const COMPUTED: Readonly<Record<string, string>> = {
  ADC: 'ADC map computed by the scanner',
  EADC: 'exponential ADC map computed by the scanner',
  FA: 'FA map computed by the scanner',
  COLFA: 'colour FA map computed by the scanner',
  EXP_ADC: 'exponential ADC map computed by the scanner',
  ADC_MAP: 'ADC map computed by the scanner',
  ADC_UNSPECIFIED: 'ADC map computed by the scanner',
  DIFFUSION_ANISO: 'anisotropy map computed by the scanner',
  TRACEW: 'trace-weighted image, averaged over directions by the scanner',
  TRACE: 'trace image, averaged over directions by the scanner',
  TENSOR: 'diffusion tensor computed by the scanner',
  TENSOR_B0: 'diffusion tensor computed by the scanner',
  CALC_BVALUE: 'image computed by the scanner for a b-value that was not measured',
  SYNTHETIC: 'image computed by the scanner for a b-value that was not measured',
  P: 'phase image',
  PHASE: 'phase image',
  'PHASE MAP': 'phase image',
  R: 'real part of a complex image',
  REAL: 'real part of a complex image',
  I: 'imaginary part of a complex image',
  IMAGINARY: 'imaginary part of a complex image',
};

const COMPLEX_PARTS = new Set(['PHASE', 'REAL', 'IMAGINARY']);

/** What the pixels are: 0 magnitude, 1 phase, 2 real, 3 imaginary (dcm2niix GE README). */
const GE_IMAGE_KIND: PrivateElement = {
  group: '0043',
  creator: 'GEMS_PARM_01',
  element: '2F',
  vr: 'SS',
  manufacturer: /^ge/iu,
};
const GE_KINDS: Readonly<Record<number, string>> = {
  1: 'phase image',
  2: 'real part of a complex image',
  3: 'imaginary part of a complex image',
};
const GE_COLLAPSE: PrivateElement = {
  group: '0043',
  creator: 'GEMS_PARM_01',
  element: '30',
  vr: 'SS',
  manufacturer: /^ge/iu,
};
const GE_COMPUTED: Readonly<Record<number, string>> = {
  18: 'FA map computed by the scanner',
  19: 'trace image, averaged over directions by the scanner',
};

/**
 * Why an image cannot enter a fit, or undefined when it can.
 * @param frameType Frame Type of one frame of an enhanced object
 */
export function reasonToLeaveOut(
  dataset: DicomJsonDataset,
  frameType: readonly string[] = [],
): string | undefined {
  const types = [...frameType, ...strings(dataset, Tag.ImageType)].map((value) => value.toUpperCase());
  const computed = types.find((value) => value in COMPUTED);
  if (computed !== undefined) return COMPUTED[computed];
  const part = string(dataset, Tag.ComplexImageComponent)?.toUpperCase() ?? '';
  if (COMPLEX_PARTS.has(part)) return COMPUTED[part];
  const kind = privateNumber(dataset, GE_IMAGE_KIND);
  if (kind !== undefined && kind in GE_KINDS) return GE_KINDS[kind];
  const collapse = privateNumber(dataset, GE_COLLAPSE);
  return collapse === undefined ? undefined : GE_COMPUTED[collapse];
}

/** DERIVED in Image Type: not proof of a computed image (some reconstructions say so), but worth a word. */
export function saysDerived(dataset: DicomJsonDataset): boolean {
  return strings(dataset, Tag.ImageType)[0]?.toUpperCase() === 'DERIVED';
}
