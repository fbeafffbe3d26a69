import type { DicomJsonDataset } from '../dataset/dicom-json';
import { privateNumber, type PrivateElement } from '../dataset/private-elements';

const manufacturer = /^philips/iu;
const DIFFUSION_ORDER: PrivateElement = {
  group: '2005',
  creator: 'Philips MR Imaging DD 006',
  element: '96',
  vr: 'IS',
  manufacturer,
};
const mr5 = { group: '2005', creator: 'Philips MR Imaging DD 005', vr: 'IS', manufacturer } as const;
const B_INDEX: PrivateElement = { ...mr5, element: '12' };
const GRADIENT_INDEX: PrivateElement = { ...mr5, element: '13' };

/**
 * Which volume a Philips classic image belongs to: DiffusionOrder (2005,1596) where the software writes it, else
 * the pair of b index and gradient index. Instance numbers do not tell: they count slice by slice, or at random.
 */
export function philipsVolumeKey(dataset: DicomJsonDataset): readonly number[] | undefined {
  const order = privateNumber(dataset, DIFFUSION_ORDER);
  if (order !== undefined) return [order];
  const b = privateNumber(dataset, B_INDEX);
  const gradient = privateNumber(dataset, GRADIENT_INDEX);
  return b === undefined || gradient === undefined ? undefined : [b, gradient];
}
