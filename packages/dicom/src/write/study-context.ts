import { InputRefused } from '@myelon/diffusion';
import type { DicomJsonDataset, DicomJsonElement } from '../dataset/dicom-json';
import type { Attributes } from './attributes';

/** Patient and study as a source image has them; every object of the same study carries them unchanged. */
export interface StudyContext {
  readonly studyInstanceUID: string;
  /** Patient, study and clinical trial elements by tag, copied as they stand. */
  readonly elements: Attributes;
  /** "+0900", when the source says so. */
  readonly timezoneOffset?: string;
  /** Items of Procedure Code Sequence of the source, DICOM JSON. */
  readonly procedureCodes: readonly DicomJsonDataset[];
}

/** Required by every composite object, possibly empty (type 2). */
const PRESENT_EVEN_IF_EMPTY: Readonly<Record<string, string>> = {
  '00080020': 'DA', // Study Date
  '00080030': 'TM', // Study Time
  '00080050': 'SH', // Accession Number
  '00080090': 'PN', // Referring Physician's Name
  '00100010': 'PN', // Patient's Name
  '00100020': 'LO', // Patient ID
  '00100030': 'DA', // Patient's Birth Date
  '00100040': 'CS', // Patient's Sex
  '00200010': 'SH', // Study ID
};

/** Copied when the source has them. */
const COPIED_IF_PRESENT = [
  '00080051', // Issuer of Accession Number Sequence
  '00081030', // Study Description
  '00081032', // Procedure Code Sequence
  '00100021', '00100024', // Issuer of Patient ID, its qualifiers
  '00101002', // Other Patient IDs Sequence
  '00101010', '00101020', '00101030', // Patient's Age, Size, Weight
  '00102201', '00102202', '00102203', // Patient Species Description, Code Sequence, Patient's Sex Neutered
  '00102292', '00102293', // Patient Breed Description, Code Sequence
  '00102297', '00102298', '00102299', // Responsible Person, its role, Responsible Organization
  '00120010', '00120020', '00120021', '00120030', '00120031', // Clinical trial sponsor, protocol, site
  '00120040', '00120042', '00120050', '00120051', '00120060', // Clinical trial subject, time point, coordinating centre
  '00120062', '00120063', '00120064', // Patient Identity Removed, De-identification Method, its codes
] as const; // prettier-ignore

/**
 * Takes patient and study from a source image.
 *
 * @param dataset one instance of the source series, from a file or from WADO-RS metadata (not from screen state)
 * @throws InputRefused when the dataset has no Study Instance UID
 */
export function studyContextFrom(dataset: DicomJsonDataset): StudyContext {
  const studyInstanceUID = dataset['0020000D']?.Value?.[0];
  if (typeof studyInstanceUID !== 'string' || studyInstanceUID === '') {
    throw new InputRefused(
      'no Study Instance UID',
      'source image',
      'results can only join a study: choose a series that came from an archive',
    );
  }
  const elements: Record<string, DicomJsonElement> = { '0020000D': { vr: 'UI', Value: [studyInstanceUID] } };
  for (const [tag, vr] of Object.entries(PRESENT_EVEN_IF_EMPTY)) elements[tag] = dataset[tag] ?? { vr };
  for (const tag of COPIED_IF_PRESENT) {
    const element = dataset[tag];
    if (element) elements[tag] = element;
  }
  const offset = dataset['00080201']?.Value?.[0];
  return {
    studyInstanceUID,
    elements,
    procedureCodes: (dataset['00081032']?.Value ?? []) as readonly DicomJsonDataset[],
    ...(typeof offset === 'string' && /^[+-]\d{4}$/.test(offset.trim())
      ? { timezoneOffset: offset.trim() }
      : {}),
  };
}
