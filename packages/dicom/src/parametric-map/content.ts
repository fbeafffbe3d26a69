import { InputRefused, sameGrid, type ScalarMap } from '@myelon/diffusion';
import { REPORTED_QUANTITIES, type ReportedQuantity } from '../codes/quantities';
import type { ModelUse } from '../structured-report/content';
import type { DerivedObject } from '../write/derived-object';
import { checkReferencedVolume, type ReferencedVolume } from '../write/referenced-volume';

export const PARAMETRIC_MAP_STORAGE = '1.2.840.10008.5.1.4.1.1.30';

/** One map as an object: one frame per slice of the reference volume. */
export interface ParametricMapContent extends DerivedObject {
  readonly source: ReferencedVolume;
  /** On the grid of the source; values in the stored unit (mm2/s, fraction), 0 where there is none. */
  readonly map: ScalarMap;
  readonly use: ModelUse;
}

/** @throws InputRefused when the map is of another grid, of a quantity without unit, or holds no finite numbers */
export function checkParametricMap({ source, map }: ParametricMapContent): ReportedQuantity {
  const where = `map ${map.quantity}`;
  checkReferencedVolume(source);
  if (!sameGrid(source.grid, map.grid))
    throw new InputRefused('it lies on another grid than the source images', where, 'compute it on these');
  const quantity = REPORTED_QUANTITIES.find((candidate) => candidate === map.quantity);
  if (!quantity) throw new InputRefused('signal has no unit to store', where, 'store diffusivities, FA or f');
  return quantity;
}
