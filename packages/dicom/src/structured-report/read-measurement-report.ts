import { InputRefused } from '@myelon/diffusion';
import { item, items, string, strings } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { CONCEPTS } from '../codes/concepts';
import { MYELON_CODES, MYELON_SCHEME } from '../codes/myelon-scheme';
import { sameCode } from '../codes/code';
import { conceptName, firstNamed, named, textOf, uidOf } from './content-tree';
import { readGroup } from './read-group';
import { readPrognosis } from './read-prognosis';
import type { MeasurementReport } from './report';

const STRUCTURED_REPORT_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.88.22',
  '1.2.840.10008.5.1.4.1.1.88.33',
  '1.2.840.10008.5.1.4.1.1.88.34',
]);

/**
 * True for a report Myelon wrote: an Imaging Measurement Report that declares our coding scheme. Needs the whole
 * dataset or only its header; never throws.
 */
export function isMyelonReport(dataset: DicomJsonDataset): boolean {
  const title = conceptName(dataset);
  return (
    STRUCTURED_REPORT_CLASSES.has(string(dataset, '00080016') ?? '') &&
    title !== null &&
    sameCode(title, CONCEPTS.imagingMeasurementReport) &&
    items(dataset, '00080110').some((scheme) => string(scheme, '00080102') === MYELON_SCHEME.designator)
  );
}

/**
 * Reads a measurement report (TID 1500), Myelon's own or another's.
 *
 * @param dataset the whole object as DICOM JSON, from a file or from WADO-RS metadata
 * @throws InputRefused when it is no measurement report, or so damaged that nothing can be said of it
 */
export function readMeasurementReport(dataset: DicomJsonDataset): MeasurementReport {
  const where = string(dataset, '0008103E') ?? 'report';
  const sopClass = string(dataset, '00080016') ?? '';
  const title = conceptName(dataset);
  if (!STRUCTURED_REPORT_CLASSES.has(sopClass) || !title) {
    throw new InputRefused('not a structured report', where, 'choose an object of modality SR');
  }
  if (!sameCode(title, CONCEPTS.imagingMeasurementReport)) {
    throw new InputRefused(
      `a report titled "${title.meaning}"`,
      where,
      'only Imaging Measurement Reports are read here: use another viewer',
    );
  }
  const measurements = firstNamed(dataset, CONCEPTS.imagingMeasurements);
  if (!measurements)
    throw new InputRefused('it holds no measurements', where, 'open the analysis it belongs to again');
  const groups = named(measurements, CONCEPTS.measurementGroup);
  const evaluations = firstNamed(dataset, CONCEPTS.qualitativeEvaluations) ?? {};
  return {
    ...identity(dataset),
    ...references(dataset, groups),
    byMyelon: isMyelonReport(dataset),
    createdAt: createdAt(dataset),
    state: state(dataset),
    device: device(dataset),
    ...person(dataset),
    regions: groups.map(readGroup),
    prognosis: readPrognosis(groups, evaluations),
    conclusions: named(evaluations, CONCEPTS.conclusion).flatMap((text) => textOf(text) ?? []),
    warnings: named(evaluations, MYELON_CODES.warning).flatMap((text) => textOf(text) ?? []),
    quality: named(evaluations, MYELON_CODES.quality).flatMap((text) => textOf(text) ?? []),
  };
}

function identity(dataset: DicomJsonDataset) {
  return {
    studyInstanceUID: string(dataset, '0020000D') ?? '',
    seriesInstanceUID: string(dataset, '0020000E') ?? '',
    sopInstanceUID: string(dataset, '00080018') ?? '',
  };
}

/** The segmentation the groups refer to, and the document this one amends. */
function references(
  dataset: DicomJsonDataset,
  groups: readonly DicomJsonDataset[],
): Pick<MeasurementReport, 'segmentation' | 'predecessor'> {
  const segmentation = groups
    .map(
      (group) =>
        firstNamed(group, CONCEPTS.referencedSegment) ??
        firstNamed(group, CONCEPTS.referencedSegmentationFrame),
    )
    .map((content) => item(content ?? {}, '00081199') ?? {})
    .map((reference) => string(reference, '00081155'))
    .find((uid) => uid !== undefined);
  const series = item(item(dataset, '0040A360') ?? {}, '00081115') ?? {};
  const predecessor = string(item(series, '00081199') ?? {}, '00081155');
  return {
    ...(segmentation === undefined ? {} : { segmentation: { sopInstanceUID: segmentation } }),
    ...(predecessor === undefined ? {} : { predecessor: { sopInstanceUID: predecessor } }),
  };
}

function createdAt(dataset: DicomJsonDataset): string | null {
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(string(dataset, '00080023') ?? '');
  const time = /^(\d\d)(\d\d)?(\d\d)?/.exec(string(dataset, '00080033') ?? '');
  const offset = /^([+-]\d\d)(\d\d)$/.exec(string(dataset, '00080201') ?? '');
  if (!date) return null;
  const [, year = '', month = '', day = ''] = date;
  const [, hours = '00', minutes = '00', seconds = '00'] = time ?? [];
  const zone = offset ? `${offset[1] ?? ''}:${offset[2] ?? ''}` : '';
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}${zone}`;
}

function state(dataset: DicomJsonDataset): MeasurementReport['state'] {
  const verifiedBy = string(item(dataset, '0040A073') ?? {}, '0040A075');
  return {
    complete: string(dataset, '0040A491') === 'COMPLETE',
    preliminary: string(dataset, '0040A496') !== 'FINAL',
    verified: string(dataset, '0040A493') === 'VERIFIED',
    ...(verifiedBy === undefined ? {} : { verifiedBy }),
  };
}

function device(dataset: DicomJsonDataset): MeasurementReport['device'] {
  const found = {
    manufacturer: string(dataset, '00080070'),
    modelName: string(dataset, '00081090'),
    serialNumber: string(dataset, '00181000'),
    softwareVersion: strings(dataset, '00181020')[0],
    uid: uidOf(firstNamed(dataset, CONCEPTS.deviceObserverUID)),
    name: textOf(firstNamed(dataset, CONCEPTS.deviceObserverName)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function person(dataset: DicomJsonDataset): Pick<MeasurementReport, 'reader'> {
  const reader = string(firstNamed(dataset, CONCEPTS.personObserverName) ?? {}, '0040A123');
  return reader === undefined ? {} : { reader };
}
