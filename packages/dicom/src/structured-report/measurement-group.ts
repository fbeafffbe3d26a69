import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import {
  FITTING_CODES,
  MODEL_CODES,
  QUANTITY_CODING,
  STATISTICS,
  STATISTIC_CODES,
  type DiffusionModel,
  type ReportedQuantity,
  type Statistic,
} from '../codes/quantities';
import { SEGMENTATION_STORAGE } from '../segmentation/content';
import type { Attributes } from '../write/attributes';
import { prognosisItems } from './prognosis-items';
import { COMPREHENSIVE_3D_SR, reportClassUID } from './report-document';
import { scoreItems } from './score-items';
import { shapeItems } from './shape-items';
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
 *
 * @param tellsHow whether this group says how each model was fitted: one of a report does, for template validators
 * take a time, and a memory, that grow with every item
 */
export function measurementGroup(
  region: ReportRegion,
  content: MeasurementReportContent,
  { tellsHow }: { readonly tellsHow: boolean },
): ContentItem {
  const level = region.level ? modifiedBy(codedItem(CONCEPTS.topographicalModifier, region.level)) : [];
  const explained = tellsHow ? firstOfEachModel(region) : [];
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
      ...region.quantities.flatMap((entry) =>
        quantityItems(entry, content, explained.includes(entry.quantity)),
      ),
      ...(region.shape ? shapeItems(region.shape) : []),
      ...centreItems(region, content),
      ...prognosisItems(content.prognosis, region.id),
      ...(isJudged(region, content) ? scoreItems(content.score) : []),
    ),
  ]);
}

const isJudged = ({ id }: ReportRegion, { prognosis }: MeasurementReportContent) =>
  prognosis.kind === 'statement' && prognosis.regionId === id;

/** Only Comprehensive 3D reports may hold points in space. */
function centreItems({ centroid }: ReportRegion, content: MeasurementReportContent): ContentItem[] {
  if (reportClassUID(content) !== COMPREHENSIVE_3D_SR) return [];
  return [pointItem(CONCEPTS.center, centroid, content.frameOfReferenceUID)];
}

/** The quantities of a region that say how their model was fitted. */
function firstOfEachModel({ quantities }: ReportRegion): ReportedQuantity[] {
  const first = new Map<DiffusionModel, ReportedQuantity>();
  for (const entry of quantities) {
    const model = MODEL_OF[entry.quantity];
    if (!('missing' in entry) && !first.has(model)) first.set(model, entry.quantity);
  }
  return [...first.values()];
}

/**
 * A quantity without value is a CODE item with the reason (PS3.16 CID 42): a NUM with a qualifier and no value is
 * valid DICOM but makes readers fail.
 */
function quantityItems(
  entry: QuantityStatistics | MissingQuantity,
  content: MeasurementReportContent,
  tellsHow: boolean,
): ContentItem[] {
  const { concept } = QUANTITY_CODING[entry.quantity];
  const model = MODEL_OF[entry.quantity];
  const use = content.models[model];
  if (!use) return [];
  if ('missing' in entry) {
    const reason = modifiedBy(textItem(MYELON_CODES.missingReason, entry.missing));
    return [codedItem(concept, MISSING_CODES[entry.kind], reason)];
  }
  return (content.statistics ?? STATISTICS).flatMap((statistic) => {
    const item = statisticItem(entry, statistic, tellsHow ? use : null);
    return item ? [item] : [];
  });
}

/** One statistic. The mean, which every quantity has, carries the model, voxel counts and how the model was fitted. */
function statisticItem(
  entry: QuantityStatistics,
  statistic: Statistic,
  how: ModelUse | null,
): ContentItem | null {
  const { concept, unit, factor } = QUANTITY_CODING[entry.quantity];
  const value = entry.statistics[statistic];
  const derivation = modifiedBy(codedItem(CONCEPTS.derivation, STATISTIC_CODES[statistic]));
  if (value === null) return null;
  if (statistic !== 'mean') return numberItem(concept, value * factor, unit, derivation);
  const method = MODEL_CODES[MODEL_OF[entry.quantity]];
  return numberItem(concept, value * factor, unit, [
    ...modifiedBy(codedItem(CONCEPTS.measurementMethod, method)),
    ...(how ? modifiedBy(codedItem(CONCEPTS.fittingMethod, FITTING_CODES[how.fitting])) : []),
    ...derivation,
    ...inferredFrom(
      ...voxelCounts(entry),
      ...(how?.bValues ?? []).map((bValue) => numberItem(CONCEPTS.bValue, bValue, UNITS.secondPerMm2)),
    ),
    ...(how ? algorithmIdentification(how) : []),
  ]);
}

/** Voxels used; those left out and at a bound where there are any. */
function voxelCounts({ n, excluded, atBound }: QuantityStatistics): ContentItem[] {
  return [
    numberItem(MYELON_CODES.voxelsUsed, n, UNITS.none),
    ...excluded.map((group) =>
      numberItem(
        MYELON_CODES.voxelsExcluded,
        group.n,
        UNITS.none,
        modifiedBy(textItem(MYELON_CODES.exclusionReason, group.reason)),
      ),
    ),
    ...(atBound > 0 ? [numberItem(MYELON_CODES.voxelsAtBound, atBound, UNITS.none)] : []),
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
