import { CONCEPTS } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import { SEGMENTATION_STORAGE } from '../segmentation/content';
import { checkReport, type MeasurementReportContent, type ReportRegion } from './content';
import { container, contains, textItem } from './content-items';
import { imageLibrary } from './image-library';
import { measurementGroup } from './measurement-group';
import { conclusionItems } from './prognosis-items';
import { encodeReport } from './report-document';
import { scoreConclusions } from './score-items';
import { sliceGroup } from './slice-group';

/**
 * Encodes the measurements of the cord as a structured report by template TID 1500: one TID 1411 group per region,
 * linked to the segmentation by tracking identifiers, and the statement with its limits in the conclusion.
 *
 * @returns a Part 10 file
 * @throws InputRefused when the content contradicts itself, or a text does not fit
 * @see PS3.16 TID 1500, 1411, 1419, 4019
 */
export function writeMeasurementReport(content: MeasurementReportContent): Uint8Array {
  checkReport(content);
  const { sources, segmentation, prognosis, score, warnings, quality = [], slices = [] } = content;
  const [first, ...others] = judgedRegionFirst(content);
  const groups = [
    ...(first ? [measurementGroup(first, content, { tellsHow: content.statistics === undefined })] : []),
    ...others.map((region) => measurementGroup(region, content, { tellsHow: false })),
    ...slices.map((slice) => sliceGroup(slice, content)),
  ];
  const evaluations = [
    ...conclusionItems(prognosis, warnings),
    ...scoreConclusions(score),
    ...quality.map((line) => textItem(MYELON_CODES.quality, line)),
  ];
  const body = contains(
    imageLibrary(sources),
    container(CONCEPTS.imagingMeasurements, contains(...groups)),
    container(CONCEPTS.qualitativeEvaluations, contains(...evaluations)),
  );
  const outline = {
    seriesInstanceUID: segmentation.seriesInstanceUID,
    sopClassUID: SEGMENTATION_STORAGE,
    sopInstanceUIDs: [segmentation.sopInstanceUID],
  };
  return encodeReport(content, 'Measured diffusion in the spinal cord', body, [outline]);
}

/** Table views take their columns from the first group, so the group with most items leads. */
function judgedRegionFirst({ regions, prognosis }: MeasurementReportContent): ReportRegion[] {
  const judged = (region: ReportRegion) => prognosis.kind === 'statement' && region.id === prognosis.regionId;
  return [...regions.filter(judged), ...regions.filter((region) => !judged(region))];
}
