import type { DicomJsonDataset } from '../dataset/dicom-json';
import type { Code } from '../codes/code';
import { CONCEPTS, UNITS } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import type { CordShape } from './content';
import { numberItem, type ContentItem } from './content-items';
import { firstNamed, measuredValue } from './content-tree';

/** How size and shape are coded. */
const SHAPE_CODES: readonly (readonly [keyof CordShape, Code, Code])[] = [
  ['areaMm2', CONCEPTS.area, UNITS.mm2],
  ['apDiameterMm', MYELON_CODES.apDiameter, UNITS.mm],
  ['transverseDiameterMm', MYELON_CODES.transverseDiameter, UNITS.mm],
  ['compressionRatio', MYELON_CODES.compressionRatio, UNITS.none],
  ['mscc', MYELON_CODES.maximumSpinalCordCompression, UNITS.none],
];

export function shapeItems(shape: CordShape): ContentItem[] {
  return SHAPE_CODES.flatMap(([key, concept, unit]) => {
    const value = shape[key];
    return value === undefined ? [] : [numberItem(concept, value, unit)];
  });
}

/** Size and shape of a group; undefined when it does not hold them whole. */
export function readShape(group: DicomJsonDataset): CordShape | undefined {
  const values = new Map<keyof CordShape, number>();
  for (const [key, concept, unit] of SHAPE_CODES) {
    const measured = measuredValue(firstNamed(group, concept));
    if (measured?.unit.value === unit.value) values.set(key, measured.value);
  }
  const [areaMm2, apDiameterMm] = [values.get('areaMm2'), values.get('apDiameterMm')];
  const transverseDiameterMm = values.get('transverseDiameterMm');
  const [compressionRatio, mscc] = [values.get('compressionRatio'), values.get('mscc')];
  if (areaMm2 === undefined || apDiameterMm === undefined) return undefined;
  if (transverseDiameterMm === undefined || compressionRatio === undefined) return undefined;
  const shape = { areaMm2, apDiameterMm, transverseDiameterMm, compressionRatio };
  return mscc === undefined ? shape : { ...shape, mscc };
}
