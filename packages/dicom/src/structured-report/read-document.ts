import { item, items, string, strings } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode } from '../codes/code';
import { CONCEPTS } from '../codes/concepts';
import { MYELON_SCHEME } from '../codes/myelon-scheme';
import { conceptName, firstNamed, textOf, uidOf } from './content-tree';
import type { ReadDocument } from './report';
import { REPORT_CLASSES } from './report-document';

const STRUCTURED_REPORT_CLASSES = new Set<string>(Object.values(REPORT_CLASSES));

export function isStructuredReport(dataset: DicomJsonDataset): boolean {
  return STRUCTURED_REPORT_CLASSES.has(string(dataset, '00080016') ?? '') && conceptName(dataset) !== null;
}

/** An Imaging Measurement Report that declares our coding scheme. Never throws. */
export function isByMyelon(dataset: DicomJsonDataset): boolean {
  const title = conceptName(dataset);
  return (
    isStructuredReport(dataset) &&
    title !== null &&
    sameCode(title, CONCEPTS.imagingMeasurementReport) &&
    items(dataset, '00080110').some((scheme) => string(scheme, '00080102') === MYELON_SCHEME.designator)
  );
}

/** What a report says of itself: who made it, when, in which state, in place of which other. */
export function readDocument(dataset: DicomJsonDataset): ReadDocument {
  return {
    studyInstanceUID: string(dataset, '0020000D') ?? '',
    seriesInstanceUID: string(dataset, '0020000E') ?? '',
    sopInstanceUID: string(dataset, '00080018') ?? '',
    sopClassUID: string(dataset, '00080016') ?? '',
    byMyelon: isByMyelon(dataset),
    createdAt: createdAt(dataset),
    state: state(dataset),
    device: device(dataset),
    ...person(dataset),
    ...predecessor(dataset),
  };
}

function predecessor(dataset: DicomJsonDataset): Pick<ReadDocument, 'predecessor'> {
  const series = item(item(dataset, '0040A360') ?? {}, '00081115') ?? {};
  const sopInstanceUID = string(item(series, '00081199') ?? {}, '00081155');
  return sopInstanceUID === undefined ? {} : { predecessor: { sopInstanceUID } };
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

function state(dataset: DicomJsonDataset): ReadDocument['state'] {
  const verifiedBy = string(item(dataset, '0040A073') ?? {}, '0040A075');
  return {
    complete: string(dataset, '0040A491') === 'COMPLETE',
    preliminary: string(dataset, '0040A496') !== 'FINAL',
    verified: string(dataset, '0040A493') === 'VERIFIED',
    ...(verifiedBy === undefined ? {} : { verifiedBy }),
  };
}

function device(dataset: DicomJsonDataset): ReadDocument['device'] {
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

function person(dataset: DicomJsonDataset): Pick<ReadDocument, 'reader'> {
  const reader = string(firstNamed(dataset, CONCEPTS.personObserverName) ?? {}, '0040A123');
  return reader === undefined ? {} : { reader };
}
