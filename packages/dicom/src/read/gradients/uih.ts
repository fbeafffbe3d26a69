import { number } from '../../dataset/access';
import { privateNumber, privateNumbers, type PrivateElement } from '../../dataset/private-elements';
import { Tag } from '../../dataset/tags';
import { plus, scaled, vector3 } from '../vectors';
import { gradientReading, isPlausibleB, unitDirection, type GradientReader } from './gradient-reading';

const header = {
  group: '0065',
  creator: 'Image Private Header',
  manufacturer: /^(uih|united imaging)/iu,
} as const;
const ACTUAL_B_VALUE: PrivateElement = { ...header, element: '09', vr: 'FD' };
const NOMINAL_B_VALUE: PrivateElement = { ...header, element: '0A', vr: 'FD' };
const DIRECTION: PrivateElement = { ...header, element: '37', vr: 'FD' };

/**
 * United Imaging: the b-value that was really applied is in 0065,1009 (929.75 where 1000 was asked for), the direction in
 * 0065,1037 as components along row, column and slice normal. 0018,9089 of newer software is in the frame of the
 * protocol, not of the patient, and is not used (dcm2niix issue 836).
 * Source: dcm2niix UIH README, United Imaging "DICOM MR private elements"; equal to dcm2niix on uMR 770 data.
 */
export const uihGradient: GradientReader = {
  name: 'United Imaging private elements',
  read(dataset, { row, column, normal }) {
    const actual = privateNumber(dataset, ACTUAL_B_VALUE);
    const components = vector3(privateNumbers(dataset, DIRECTION));
    if (actual === undefined && !components) return undefined;
    const bValue = actual ?? number(dataset, Tag.DiffusionBValue) ?? privateNumber(dataset, NOMINAL_B_VALUE);
    if (!isPlausibleB(bValue)) return undefined;
    const direction =
      components &&
      plus(plus(scaled(row, components[0]), scaled(column, components[1])), scaled(normal, components[2]));
    return gradientReading({ bValue, direction: unitDirection(direction) });
  },
};
