import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import { MODEL_CODES, QUANTITY_CODING, STATISTIC_CODES, type Statistic } from '../codes/quantities';
import { SEGMENTATION_STORAGE } from '../segmentation/content';
import { MODEL_OF, type MeasurementReportContent, type ReportSlice, type SliceQuantity } from './content';
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
import { COMPREHENSIVE_3D_SR, reportClassUID } from './report-document';

/**
 * Planar measurement group of one slice (TID 1410): mean, standard deviation and voxel count of every quantity. How
 * the models were fitted stands in the group of the whole cord.
 */
export function sliceGroup(slice: ReportSlice, content: MeasurementReportContent): ContentItem {
  return container(CONCEPTS.measurementGroup, [
    ...related(
      'HAS OBS CONTEXT',
      textItem(CONCEPTS.trackingIdentifier, slice.name),
      uidItem(CONCEPTS.trackingUID, slice.trackingUID),
    ),
    ...contains(
      codedItem(CONCEPTS.finding, VALUES.spinalCord),
      imageItem(CONCEPTS.referencedSegmentationFrame, {
        ReferencedSOPClassUID: SEGMENTATION_STORAGE,
        ReferencedSOPInstanceUID: content.segmentation.sopInstanceUID,
        ReferencedFrameNumber: slice.frameNumber,
      }),
      imageItem(CONCEPTS.sourceImageForSegmentation, slice.sourceImage),
    ),
    ...modifiedBy(codedItem(CONCEPTS.findingSite, VALUES.spinalCord)),
    ...contains(
      ...slice.quantities.flatMap(quantityItems),
      ...(reportClassUID(content) === COMPREHENSIVE_3D_SR
        ? [pointItem(CONCEPTS.center, slice.centroid, content.frameOfReferenceUID)]
        : []),
    ),
  ]);
}

function quantityItems({ quantity, n, mean, sd }: SliceQuantity): ContentItem[] {
  const { concept, unit, factor } = QUANTITY_CODING[quantity];
  const derivation = (statistic: Statistic) => codedItem(CONCEPTS.derivation, STATISTIC_CODES[statistic]);
  const method = codedItem(CONCEPTS.measurementMethod, MODEL_CODES[MODEL_OF[quantity]]);
  const count = inferredFrom(numberItem(MYELON_CODES.voxelsUsed, n, UNITS.none));
  return [
    numberItem(concept, mean * factor, unit, [...modifiedBy(method, derivation('mean')), ...count]),
    ...(sd === null ? [] : [numberItem(concept, sd * factor, unit, modifiedBy(derivation('sd')))]),
  ];
}
