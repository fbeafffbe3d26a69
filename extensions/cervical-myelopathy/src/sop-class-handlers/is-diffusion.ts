import { isDiffusionNaturalized } from '@myelon/dicom';
import type { NaturalizedInstance } from '../host/ohif';

/** True when a series holds diffusion-weighted images, not only maps made from them. */
export function isDiffusionSeries(instances: readonly NaturalizedInstance[]): boolean {
  return instances.some(isDiffusionNaturalized);
}
