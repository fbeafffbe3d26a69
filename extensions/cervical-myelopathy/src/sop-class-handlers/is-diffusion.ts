import type { NaturalizedInstance } from '../host/ohif';
import { items } from './diffusion-frames';

/** ImageType values of maps computed from diffusion images: nothing to fit there. */
const DERIVED_TYPES = ['ADC', 'FA', 'TRACEW', 'TRACE', 'TENSOR', 'CALC_BVALUE', 'EXP', 'EADC'];

/** True when a series holds diffusion-weighted images, not maps made from them. */
export function isDiffusionSeries(instances: readonly NaturalizedInstance[]): boolean {
  return instances.some((instance) => !isDerivedMap(instance) && isDiffusion(instance));
}

function isDerivedMap(instance: NaturalizedInstance): boolean {
  return imageType(instance).some((value) => DERIVED_TYPES.includes(value));
}

function isDiffusion(instance: NaturalizedInstance): boolean {
  if (instance['DiffusionBValue'] !== undefined || imageType(instance).includes('DIFFUSION')) return true;
  const groups = [
    ...items(instance['SharedFunctionalGroupsSequence']),
    ...items(instance['PerFrameFunctionalGroupsSequence']),
  ];
  return groups.some((group) => items(group['MRDiffusionSequence']).length > 0);
}

function imageType(instance: NaturalizedInstance): string[] {
  const value = instance['ImageType'];
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split('\\') : [];
}
