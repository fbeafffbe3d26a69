import type { Vector3 } from '@myelon/diffusion';
import { number, string } from '../../dataset/access';
import type { DicomJsonDataset } from '../../dataset/dicom-json';
import { privateNumber, privateNumbers, type PrivateElement } from '../../dataset/private-elements';
import { Tag } from '../../dataset/tags';
import type { ImageOrientation } from '../image-plane';
import { length, plus, scaled, vector3 } from '../vectors';
import { gradientReading, isPlausibleB, type GradientReader, type GradientReading } from './gradient-reading';

const manufacturer = /^ge/iu;
const acquisition = { group: '0019', creator: 'GEMS_ACQU_01', vr: 'DS', manufacturer } as const;
const parameters = { group: '0043', creator: 'GEMS_PARM_01', manufacturer } as const;
const B_VALUE: PrivateElement = { ...parameters, element: '39', vr: 'IS' };
const COLLAPSE: PrivateElement = { ...parameters, element: '30', vr: 'SS' };
const DIRECTION: readonly PrivateElement[] = ['BB', 'BC', 'BD'].map((element) => ({
  ...acquisition,
  element,
}));
const NUMBER_OF_DIRECTIONS: PrivateElement = { ...acquisition, element: 'E0' };
const MODE: PrivateElement = {
  group: '0021',
  creator: 'GEMS_RELA_01',
  element: '5A',
  vr: 'SL',
  manufacturer,
};

/** Added to the b-value in multi-b and synthetic series. */
const B_OFFSET = 1e9;
const TENSOR_MODE = 16;
const COLLAPSED_T2 = 14;
/** A vector this short is none; one longer than the other is a unit vector. Between, its length encodes b. */
const ZERO_LENGTH = 0.03;
const FULL_LENGTH = 0.97;
const ROUNDED_TO = 5;

/**
 * GE classic images: b is the first value of 0043,1039 (less 1e9), else 0018,9087, which newer software omits at b 0.
 * The direction in 0019,10BB, 10BC, 10BD is in the frame of frequency, phase and slice encoding. Before release 29.1 a
 * vector shorter than 1 scales b: the shell is b x length squared.
 * Source: NA-MIC wiki "DICOM for DWI and DTI"; dcm2niix GE README and issues 245, 602, 736, 777, 970; frames fitted to
 * dcm2niix on a data set of release 29.1 in three planes and both phase directions.
 */
export const geGradient: GradientReader = {
  name: 'GE private elements',
  read(dataset, orientation) {
    const own = privateNumbers(dataset, B_VALUE)[0];
    const standard = number(dataset, Tag.DiffusionBValue);
    if (own === undefined && privateNumber(dataset, NUMBER_OF_DIRECTIONS) === undefined) return undefined;
    const nominal = own === undefined || !Number.isFinite(own) ? standard : own % B_OFFSET;
    if (!isPlausibleB(nominal)) return undefined;
    const warnings: string[] = [];
    if (standard !== undefined && Math.abs(standard - nominal) > 0.05 * Math.max(nominal, 1))
      warnings.push('b-values 0043,1039 and 0018,9087 differ by more than 5 %');
    return reading(dataset, orientation, nominal, warnings);
  },
};

function reading(
  dataset: DicomJsonDataset,
  orientation: ImageOrientation,
  nominal: number,
  warnings: string[],
): GradientReading {
  if (privateNumber(dataset, COLLAPSE) === COLLAPSED_T2)
    return gradientReading({ bValue: 0, direction: undefined, directionality: 'NONE', warnings });
  const vector = vector3(DIRECTION.map((element) => privateNumber(dataset, element) ?? Number.NaN));
  const size = vector ? length(vector) : 0;
  if (!vector || size <= ZERO_LENGTH) {
    // In a tensor series an image without gradient is a b0 that carries the b-value of the series.
    const isB0 = nominal > 0 && isTensorSeries(dataset);
    return gradientReading({ bValue: isB0 ? 0 : nominal, direction: undefined, warnings });
  }
  const encodesShell = size < FULL_LENGTH;
  const bValue = encodesShell ? ROUNDED_TO * Math.round((nominal * size * size) / ROUNDED_TO) : nominal;
  const phase = string(dataset, Tag.InPlanePhaseEncodingDirection)?.toUpperCase();
  if (nominal > 0 && phase !== 'ROW' && phase !== 'COL')
    warnings.push('phase encoding direction (0018,1312) is missing: directions assume COL');
  const direction = toPatient(scaled(vector, 1 / size), orientation, phase === 'ROW');
  return gradientReading({ bValue, direction, warnings });
}

function isTensorSeries(dataset: DicomJsonDataset): boolean {
  const mode = privateNumber(dataset, MODE);
  // Three-direction and trace series count directions too, and have no vectors: the mode decides where it is known.
  return mode === undefined ? (privateNumber(dataset, NUMBER_OF_DIRECTIONS) ?? 0) > 0 : mode === TENSOR_MODE;
}

/** From (frequency, phase, slice) to LPS; which signs apply depends on the plane the slice is nearest to. */
function toPatient(
  [x, y, z]: Vector3,
  { row, column, normal }: ImageOrientation,
  rowPhase: boolean,
): Vector3 {
  const [a, b, c] = components([x, y, z], planeOf(normal), rowPhase);
  return plus(plus(scaled(row, a), scaled(column, b)), scaled(normal, c));
}

type Plane = 'sagittal' | 'coronal' | 'axial';

function planeOf(normal: Vector3): Plane {
  const [x, y, z] = normal.map(Math.abs) as unknown as Vector3;
  if (z >= x && z >= y) return 'axial';
  return x >= y ? 'sagittal' : 'coronal';
}

function components([x, y, z]: Vector3, plane: Plane, rowPhase: boolean): Vector3 {
  if (plane === 'axial') return rowPhase ? [-y, x, z] : [-x, -y, z];
  if (plane === 'sagittal') return rowPhase ? [y, -x, -z] : [x, y, -z];
  return rowPhase ? [y, x, z] : [-x, y, z];
}
