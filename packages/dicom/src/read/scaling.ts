import { number } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { privateNumber, type PrivateElement } from '../dataset/private-elements';
import { Tag } from '../dataset/tags';

const PHILIPS_SCALE_SLOPE: PrivateElement = {
  group: '2005',
  creator: 'Philips MR Imaging DD 001',
  element: '0E',
  vr: 'FL',
  manufacturer: /^philips/iu,
};

/**
 * Signal = stored x slope + intercept: Modality rescale (PS3.3 C.11.1), and for Philips the floating-point signal
 * (stored x RS + RI) / (RS x SS) with SS of 2005,100E, which makes volumes comparable that the scanner scaled apart.
 * Source: Chenevert et al. 2014, doi 10.1593/tlo.13811; dcm2niix Philips README. Window and real-world values are
 * never used.
 * @param transformation where slope and intercept are: the image, or an item of Pixel Value Transformation Sequence
 * @param philips where 2005,100E may be
 */
export function rescale(
  transformation: DicomJsonDataset | undefined,
  philips: DicomJsonDataset | undefined,
): { slope: number; intercept: number } {
  const slope = positive(transformation && number(transformation, Tag.RescaleSlope)) ?? 1;
  const intercept = (transformation && number(transformation, Tag.RescaleIntercept)) ?? 0;
  const scaleSlope = positive(philips && privateNumber(philips, PHILIPS_SCALE_SLOPE));
  if (scaleSlope === undefined) return { slope, intercept };
  return { slope: 1 / scaleSlope, intercept: intercept / (slope * scaleSlope) };
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
