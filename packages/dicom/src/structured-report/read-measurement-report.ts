import { InputRefused } from '@myelon/diffusion';
import { item, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode } from '../codes/code';
import { CONCEPTS } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import { MODEL_OF } from './content';
import { conceptName, firstNamed, named, textOf } from './content-tree';
import { isByMyelon, isStructuredReport, readDocument } from './read-document';
import { readGroup } from './read-group';
import { isMjoaReport } from './read-mjoa-report';
import { readPrognosis } from './read-prognosis';
import type { MeasurementReport, ReadQuantity, ReadRegion } from './report';
import { readScore } from './score-items';

/** True for a report of measurements of the cord that Myelon wrote. Never throws. */
export function isMyelonReport(dataset: DicomJsonDataset): boolean {
  return isByMyelon(dataset) && !isMjoaReport(dataset);
}

/**
 * Reads a measurement report (TID 1500), Myelon's own or another's.
 *
 * @param dataset the whole object as DICOM JSON, from a file or from WADO-RS metadata
 * @throws InputRefused when it is no measurement report, or so damaged that nothing can be said of it
 */
export function readMeasurementReport(dataset: DicomJsonDataset): MeasurementReport {
  const where = string(dataset, '0008103E') ?? 'report';
  const title = conceptName(dataset);
  if (!isStructuredReport(dataset) || !title) {
    throw new InputRefused('not a structured report', where, 'choose an object of modality SR');
  }
  if (!sameCode(title, CONCEPTS.imagingMeasurementReport)) {
    throw new InputRefused(
      `a report titled "${title.meaning}"`,
      where,
      'only Imaging Measurement Reports are read here: use another viewer',
    );
  }
  if (isMjoaReport(dataset))
    throw new InputRefused('it holds the mJOA, no measurements', where, 'choose the report of the cord');
  const measurements = firstNamed(dataset, CONCEPTS.imagingMeasurements);
  if (!measurements)
    throw new InputRefused('it holds no measurements', where, 'open the analysis it belongs to again');
  const groups = named(measurements, CONCEPTS.measurementGroup);
  const evaluations = firstNamed(dataset, CONCEPTS.qualitativeEvaluations) ?? {};
  const texts = (concept: typeof CONCEPTS.conclusion) =>
    named(evaluations, concept).flatMap((text) => textOf(text) ?? []);
  return {
    ...readDocument(dataset),
    ...segmentationOf(groups),
    regions: explained(groups.map(readGroup)),
    prognosis: readPrognosis(groups, evaluations),
    score: readScore(groups, evaluations),
    conclusions: texts(CONCEPTS.conclusion),
    warnings: texts(MYELON_CODES.warning),
    quality: texts(MYELON_CODES.quality),
  };
}

/** The segmentation the groups refer to. */
function segmentationOf(groups: readonly DicomJsonDataset[]): Pick<MeasurementReport, 'segmentation'> {
  const sopInstanceUID = groups
    .map(
      (group) =>
        firstNamed(group, CONCEPTS.referencedSegment) ??
        firstNamed(group, CONCEPTS.referencedSegmentationFrame),
    )
    .map((content) => item(content ?? {}, '00081199') ?? {})
    .map((reference) => string(reference, '00081155'))
    .find((uid) => uid !== undefined);
  return sopInstanceUID === undefined ? {} : { segmentation: { sopInstanceUID } };
}

/** How a model was fitted stands once in a report of ours; every quantity of that model gets it here. */
function explained(regions: readonly ReadRegion[]): ReadRegion[] {
  const quantities = regions.flatMap((region) => region.quantities);
  const isExplained = (entry: ReadRegion['quantities'][number]): entry is ReadQuantity =>
    !('missing' in entry) && entry.fitting !== undefined;
  const sources = quantities.filter(isExplained);
  return regions.map((region) => ({
    ...region,
    quantities: region.quantities.map((entry) => {
      if ('missing' in entry || entry.fitting !== undefined) return entry;
      const source = sources.find(({ quantity }) => MODEL_OF[quantity] === MODEL_OF[entry.quantity]);
      if (!source) return entry;
      const { fitting, bValues, algorithm, parameters } = source;
      return {
        ...entry,
        bValues,
        parameters,
        ...(fitting === undefined ? {} : { fitting }),
        ...(algorithm ? { algorithm } : {}),
      };
    }),
  }));
}
