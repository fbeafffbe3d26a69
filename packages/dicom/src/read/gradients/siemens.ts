import type { Vector3 } from '@myelon/diffusion';
import type { DicomJsonDataset } from '../../dataset/dicom-json';
import { privateNumber, privateNumbers, privateString } from '../../dataset/private-elements';
import { csaNumbers, type CsaHeader } from '../siemens-csa';
import { csaImageHeader, SiemensElement } from '../siemens-elements';
import { axialAngleDegrees, vector3 } from '../vectors';
import { bMatrix, principalAxis } from './b-matrix';
import { gradientReading, isPlausibleB, unitDirection, type GradientReader } from './gradient-reading';

/**
 * Siemens classic images: b in 0019,100C, direction (LPS) in 0019,100E, b-matrix in 0019,1027; the same in the CSA
 * image header, which may be missing (anonymised) or be the only source (older software). The nominal b is reported,
 * not the trace of the b-matrix. All components beyond -1 at b0 mean none (2004 software).
 * Source: NA-MIC wiki "DICOM for DWI and DTI", Siemens section; equal to dcm2niix on D13 and E11 data.
 */
export const siemensGradient: GradientReader = {
  name: 'Siemens private elements',
  read(dataset) {
    const csa = csaImageHeader(dataset);
    const ownB = privateNumber(dataset, SiemensElement.BValue);
    const bValue = isPlausibleB(ownB) ? ownB : csa && csaNumbers(csa, 'B_value')[0];
    if (!isPlausibleB(bValue)) return undefined;
    const own = ownDirection(dataset);
    const inCsa = csa && csaDirection(csa);
    const axis = matrixAxis(dataset, csa);
    const warnings: string[] = [];
    if (own && inCsa && axialAngleDegrees(own, inCsa) > 1)
      warnings.push('directions 0019,100e and CSA DiffusionGradientDirection differ by more than 1 degree');
    const direction = own ?? inCsa;
    if (direction && axis && bValue >= 1 && axialAngleDegrees(direction, axis) > 1)
      warnings.push('direction and b-matrix of the Siemens header differ by more than 1 degree');
    const directionality =
      privateString(dataset, SiemensElement.DiffusionDirectionality) ??
      csa?.get('DiffusionDirectionality')?.[0];
    return gradientReading({ bValue, direction: direction ?? axis, directionality, warnings });
  },
};

function ownDirection(dataset: DicomJsonDataset): Vector3 | undefined {
  return unitDirection(vector3(privateNumbers(dataset, SiemensElement.DiffusionGradientDirection)));
}

function csaDirection(csa: CsaHeader): Vector3 | undefined {
  return unitDirection(vector3(csaNumbers(csa, 'DiffusionGradientDirection')));
}

function matrixAxis(dataset: DicomJsonDataset, csa: CsaHeader | undefined): Vector3 | undefined {
  const own = bMatrix(privateNumbers(dataset, SiemensElement.BMatrix));
  const matrix = own ?? (csa && bMatrix(csaNumbers(csa, 'B_matrix')));
  return matrix && principalAxis(matrix);
}
