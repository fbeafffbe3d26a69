import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import {
  FITTING_CODES,
  MODEL_CODES,
  QUANTITY_CODING,
  STATISTICS,
  STATISTIC_CODES,
  type Statistic,
} from '../codes/quantities';
import { SEGMENTATION_STORAGE } from '../segmentation/content';
import type { Attributes } from '../write/attributes';
import { prognosisItems } from './prognosis-items';
import {
  MODEL_OF,
  type MeasurementReportContent,
  type MissingKind,
  type MissingQuantity,
  type ModelUse,
  type QuantityStatistics,
  type ReportRegion,
} from './content';
import {
  codedItem,
  container,
  contains,
  imageItem,
  inferredFrom,
  modifiedBy,
  numberItem,
  pointItem,
  related,
  textItem,
  uidItem,
  type ContentItem,
} from './content-items';

/** How a missing value is coded. */
export const MISSING_CODES: Readonly<Record<MissingKind, (typeof VALUES)[keyof typeof VALUES]>> = {
  'calculation-failure': VALUES.calculationFailure,
  'not-attempted': VALUES.notAttempted,
  'measurement-failure': VALUES.measurementFailure,
  'out-of-range': VALUES.outOfRange,
};

/**
 * Measurement group of one region (TID 1411). The order of items is that of the template.
 *
 * The point at the centre is not of the template but allowed (it is extensible): viewers that expect every group
 * to have coordinates (OHIF 3.13 throws otherwise) show the region there.
 */
export function measurementGroup(region: ReportRegion, content: MeasurementReportContent): ContentItem {
  const level = region.level ? modifiedBy(codedItem(CONCEPTS.topographicalModifier, region.level)) : [];
  return container(CONCEPTS.measurementGroup, [
    ...related(
      'HAS OBS CONTEXT',
      textItem(CONCEPTS.trackingIdentifier, region.trackingIdentifier),
      uidItem(CONCEPTS.trackingUID, region.trackingUID),
    ),
    ...contains(
      codedItem(CONCEPTS.finding, VALUES.spinalCord),
      imageItem(CONCEPTS.referencedSegment, {
        ReferencedSOPClassUID: SEGMENTATION_STORAGE,
        ReferencedSOPInstanceUID: content.segmentation.sopInstanceUID,
        ReferencedSegmentNumber: region.segmentNumber,
      }),
      uidItem(CONCEPTS.sourceSeries, content.segmentedSeriesInstanceUID),
    ),
    ...modifiedBy(codedItem(CONCEPTS.findingSite, VALUES.spinalCord, level)),
    ...contains(
      numberItem(CONCEPTS.volume, region.volumeMm3, UNITS.mm3),
      ...region.quantities.flatMap((entry) => quantityItems(entry, content)),
      pointItem(CONCEPTS.center, region.centroid, content.frameOfReferenceUID),
      ...prognosisItems(content.prognosis, region.id),
    ),
  ]);
}

/**
 * A quantity without value is a CODE item with the reason (PS3.16 CID 42): a NUM with a qualifier and no value is
 * what PixelMed calls an error, and what OHIF 3.13 stumbles over.
 */
function quantityItems(
  entry: QuantityStatistics | MissingQuantity,
  content: MeasurementReportContent,
): ContentItem[] {
  const { concept } = QUANTITY_CODING[entry.quantity];
  const model = MODEL_OF[entry.quantity];
  const use = content.models[model];
  if (!use) return [];
  const method = modifiedBy(codedItem(CONCEPTS.measurementMethod, MODEL_CODES[model]));
  if ('missing' in entry) {
    const reason = modifiedBy(textItem(MYELON_CODES.missingReason, entry.missing));
    return [codedItem(concept, MISSING_CODES[entry.kind], [...method, ...reason])];
  }
  return STATISTICS.flatMap((statistic) => {
    const item = statisticItem(entry, statistic, method, use);
    return item ? [item] : [];
  });
}

/** One statistic. The mean, which every quantity has, carries the voxel counts and how the model was fitted. */
function statisticItem(
  entry: QuantityStatistics,
  statistic: Statistic,
  method: readonly Attributes[],
  use: ModelUse,
): ContentItem | null {
  const { concept, unit, factor } = QUANTITY_CODING[entry.quantity];
  const value = entry.statistics[statistic];
  const derivation = modifiedBy(codedItem(CONCEPTS.derivation, STATISTIC_CODES[statistic]));
  if (value === null) return null;
  if (statistic !== 'mean') return numberItem(concept, value * factor, unit, [...method, ...derivation]);
  return numberItem(concept, value * factor, unit, [
    ...method,
    ...modifiedBy(codedItem(CONCEPTS.fittingMethod, FITTING_CODES[use.fitting])),
    ...derivation,
    ...inferredFrom(
      ...voxelCounts(entry),
      ...use.bValues.map((bValue) => numberItem(CONCEPTS.bValue, bValue, UNITS.secondPerMm2)),
    ),
    ...algorithmIdentification(use),
  ]);
}

function voxelCounts({ n, excluded, atBound }: QuantityStatistics): ContentItem[] {
  const none = excluded.length === 0 ? [numberItem(MYELON_CODES.voxelsExcluded, 0, UNITS.none)] : [];
  return [
    numberItem(MYELON_CODES.voxelsUsed, n, UNITS.none),
    ...none,
    ...excluded.map((group) =>
      numberItem(
        MYELON_CODES.voxelsExcluded,
        group.n,
        UNITS.none,
        modifiedBy(textItem(MYELON_CODES.exclusionReason, group.reason)),
      ),
    ),
    numberItem(MYELON_CODES.voxelsAtBound, atBound, UNITS.none),
  ];
}

/** TID 4019: which algorithm, in which version, with which parameters. */
function algorithmIdentification(
  use: Pick<ModelUse, 'algorithmName' | 'algorithmVersion' | 'parameters'>,
): Attributes[] {
  return modifiedBy(
    textItem(CONCEPTS.algorithmName, use.algorithmName),
    textItem(CONCEPTS.algorithmVersion, use.algorithmVersion),
    ...use.parameters.map((parameter) => textItem(CONCEPTS.algorithmParameters, parameter)),
  );
}
