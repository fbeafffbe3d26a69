import { number, string } from '../../dataset/access';
import { Tag } from '../../dataset/tags';
import { privateNumber, privateString, type PrivateElement } from '../../dataset/private-elements';
import { axialAngleDegrees, vector3 } from '../vectors';
import { gradientReading, isPlausibleB, unitDirection, type GradientReader } from './gradient-reading';
import { standardReading } from './standard';

const manufacturer = /^philips/iu;
const imaging = { group: '2001', creator: 'Philips Imaging DD 001', manufacturer } as const;
const mr1 = { group: '2005', creator: 'Philips MR Imaging DD 001', manufacturer } as const;

const B_VALUE: PrivateElement = { ...imaging, element: '03', vr: 'FL' };
const DIRECTION_TYPE: PrivateElement = { ...imaging, element: '04', vr: 'CS' };
const DIRECTION_RIGHT_LEFT: PrivateElement = { ...mr1, element: 'B0', vr: 'FL' };
const DIRECTION_ANTERIOR_POSTERIOR: PrivateElement = { ...mr1, element: 'B1', vr: 'FL' };
const DIRECTION_FOOT_HEAD: PrivateElement = { ...mr1, element: 'B2', vr: 'FL' };

/**
 * Philips classic images: 0018,9087 and 0018,9089 at the top level in newer software, else b in 2001,1003 and the
 * direction in 2005,10B0 to 10B2, all in LPS. Images marked `I` in 2001,1004 are isotropic.
 * Source: NA-MIC wiki "DICOM for DWI and DTI", dcm2niix Philips README; both ways agree on R5.7 data.
 */
export const philipsGradient: GradientReader = {
  name: 'Philips private elements',
  read(dataset) {
    const b = privateNumber(dataset, B_VALUE);
    const standard = standardReading(dataset);
    if (!isPlausibleB(b)) return undefined;
    const isotropic =
      (privateString(dataset, DIRECTION_TYPE)?.toUpperCase().startsWith('I') ?? false) ||
      string(dataset, Tag.DiffusionDirectionality)?.toUpperCase() === 'ISOTROPIC';
    const direction = unitDirection(
      vector3([
        privateNumber(dataset, DIRECTION_RIGHT_LEFT) ?? Number.NaN,
        privateNumber(dataset, DIRECTION_ANTERIOR_POSTERIOR) ?? Number.NaN,
        privateNumber(dataset, DIRECTION_FOOT_HEAD) ?? Number.NaN,
      ]),
    );
    if (!standard || number(dataset, Tag.DiffusionBValue) === undefined) {
      const directionality = isotropic ? 'ISOTROPIC' : undefined;
      return gradientReading({ bValue: b, direction, directionality });
    }
    const warnings = [...standard.warnings];
    if (standard.direction && direction && axialAngleDegrees(standard.direction, direction) > 1)
      warnings.push('directions 0018,9089 and 2005,10b0 differ by more than 1 degree');
    if (Math.abs(standard.bValue - b) > 0.05 * Math.max(b, 1))
      warnings.push('b-values 0018,9087 and 2001,1003 differ by more than 5 %');
    return gradientReading({
      bValue: standard.bValue,
      direction: standard.direction ?? direction,
      directionality: isotropic ? 'ISOTROPIC' : undefined,
      warnings,
    });
  },
};
