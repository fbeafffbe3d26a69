import type { Vector3 } from '@myelon/diffusion';
import { number, string } from '../../dataset/access';
import { Tag } from '../../dataset/tags';
import type { ImageOrientation } from '../image-plane';
import { length, plus, scaled } from '../vectors';
import { gradientReading, isPlausibleB, type GradientReader } from './gradient-reading';
import { standardReading } from './standard';

const MANUFACTURER = /^(canon|toshiba)/iu;
const NUMBER = '([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)';
/** `b=1500(0.445,0.000,0.895)`. */
const COMMENT = new RegExp(
  `b\\s*=\\s*${NUMBER}\\s*\\(\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*\\)`,
  'iu',
);
/** Three decimals do not make a unit vector. */
const COMMENT_TOLERANCE = 0.1;

/**
 * Toshiba and Canon classic images: b in 0018,9087, absent at b 0; the direction in 0018,9089 (LPS), or, when that is
 * absent, only as text in Image Comments, in a frame of phase and read-out.
 * Source: dcm2niix Canon README and issues 422, 495, 1000. The comment's frame is from public source only.
 */
export const canonGradient: GradientReader = {
  name: 'Toshiba and Canon',
  read(dataset, orientation) {
    if (!MANUFACTURER.test(string(dataset, Tag.Manufacturer) ?? '')) return undefined;
    const standard = standardReading(dataset);
    if (standard?.direction) return standard;
    const comment = COMMENT.exec(string(dataset, Tag.ImageComments) ?? '');
    const bValue = number(dataset, Tag.DiffusionBValue) ?? (comment ? Number(comment[1]) : undefined);
    if (bValue === undefined)
      return { bValue: 0, direction: null, directionality: 'none', warnings: [], assumed: true };
    if (!isPlausibleB(bValue)) return undefined;
    if (!comment) return standard ?? gradientReading({ bValue, direction: undefined });
    const vector: Vector3 = [Number(comment[2]), Number(comment[3]), Number(comment[4])];
    const size = length(vector);
    if (size < 0.5) return gradientReading({ bValue, direction: undefined });
    const rowPhase = string(dataset, Tag.InPlanePhaseEncodingDirection)?.toUpperCase() === 'ROW';
    const usable = Math.abs(size - 1) < COMMENT_TOLERANCE;
    return gradientReading({
      bValue,
      direction: usable ? toPatient(scaled(vector, 1 / size), orientation, rowPhase) : undefined,
      directionality: 'DIRECTIONAL',
      warnings: ['directions come from Image Comments: left and right are not verified'],
    });
  },
};

function toPatient(
  [p, q, s]: Vector3,
  { row, column, normal }: ImageOrientation,
  rowPhase: boolean,
): Vector3 {
  const [a, b] = rowPhase ? [-p, q] : [-q, -p];
  return plus(plus(scaled(row, a), scaled(column, b)), scaled(normal, s));
}
