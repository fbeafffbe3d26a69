import type { DicomJsonDataset } from '@myelon/dicom';
import { MalformedDataSet } from '../part10/data-set-reader';
import { pickDicomJson } from '../part10/dicom-json';
import { uidOf, type Part10File } from '../part10/part10-file';
import { levelAttributes } from './attribute-levels';

/** What the index knows of one stored instance. It is also one line of the index on disk. */
export interface InstanceRecord {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  /** Query attributes of each level, as DICOM JSON. */
  readonly study: DicomJsonDataset;
  readonly series: DicomJsonDataset;
  readonly instance: DicomJsonDataset;
}

/**
 * Digits and dots, no empty component (PS3.5 section 9.1); leading zeros, which the standard forbids, occur and do
 * no harm. UIDs name files, so nothing else may pass.
 */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^\d+(\.\d+)*$/.test(text);
}

function requiredUid(file: Part10File, tag: string, name: string): string {
  const uid = uidOf(file.header, file.elements, tag);
  if (!isUid(uid)) throw new MalformedDataSet(`${name} (${tag}) is ${uid === '' ? 'missing' : 'not a UID'}`);
  return uid;
}

/** Reads what the index keeps. @throws MalformedDataSet when one of the UIDs that identify an instance is not there */
export function recordOf(file: Part10File): InstanceRecord {
  return {
    studyInstanceUID: requiredUid(file, '0020000D', 'Study Instance UID'),
    seriesInstanceUID: requiredUid(file, '0020000E', 'Series Instance UID'),
    sopInstanceUID: requiredUid(file, '00080018', 'SOP Instance UID'),
    sopClassUID: requiredUid(file, '00080016', 'SOP Class UID'),
    transferSyntaxUID: file.transferSyntaxUID,
    study: pickDicomJson(file, levelAttributes.study),
    series: pickDicomJson(file, levelAttributes.series),
    instance: pickDicomJson(file, levelAttributes.instance),
  };
}
