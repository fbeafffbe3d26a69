import type { Attributes } from '@myelon/dicom';
import { seededUID } from '../seeded-uid';

/** Who and when: what all objects of a made-up study share. */
export interface SimulatedStudy {
  /** UIDs follow from it: same seed, same UIDs. */
  readonly seed: number;
  readonly patientName: string;
  readonly patientID: string;
  /** YYYYMMDD. */
  readonly patientBirthDate: string;
  readonly patientSex: 'F' | 'M' | 'O';
  /** YYYYMMDD and HHMMSS. */
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly manufacturer: string;
  /** How the patient lies: HFS, FFP, HFDR ... Positions and directions are in LPS and do not depend on it. */
  readonly patientPosition: string;
}

/** The phantom's study, with whatever a caller wants otherwise. */
export function simulatedStudy(seed: number, changes: Partial<SimulatedStudy> = {}): SimulatedStudy {
  return {
    seed,
    patientName: 'Phantom^Cervical',
    patientID: `PHANTOM-${String(seed)}`,
    patientBirthDate: '19680412',
    patientSex: 'O',
    studyDate: '20250310',
    studyTime: '101500',
    studyDescription: 'MR cervical spine with diffusion (simulated)',
    accessionNumber: `MYELON${String(seed)}`,
    manufacturer: 'Myelon phantom',
    patientPosition: 'HFS',
    ...changes,
  };
}

/** UID of something in this study; the same name gives the same UID. */
export function uidIn(study: SimulatedStudy, what: string): string {
  return seededUID(study.seed, `${study.patientID} ${what}`);
}

/** Patient, study and equipment modules. */
export function studyAttributes(study: SimulatedStudy): Attributes {
  return {
    PatientName: study.patientName,
    PatientID: study.patientID,
    PatientBirthDate: study.patientBirthDate,
    PatientSex: study.patientSex,
    PatientAge: ageAt(study),
    StudyInstanceUID: uidIn(study, 'study'),
    StudyDate: study.studyDate,
    StudyTime: study.studyTime,
    StudyID: '1',
    StudyDescription: study.studyDescription,
    AccessionNumber: study.accessionNumber,
    ReferringPhysicianName: null,
    Manufacturer: study.manufacturer,
    ManufacturerModelName: 'Simulated 3 T',
    DeviceSerialNumber: '1',
    SoftwareVersions: '0.1',
    InstitutionName: 'Simulated',
  };
}

/** "057Y". */
function ageAt({ studyDate, patientBirthDate }: SimulatedStudy): string {
  const years = Math.floor((Number(studyDate) - Number(patientBirthDate)) / 10000);
  return `${String(Math.max(years, 0)).padStart(3, '0')}Y`;
}

/** Time of day `seconds` after the study began, HHMMSS. */
export function timeInStudy(study: SimulatedStudy, seconds: number): string {
  const at = (from: number) => Number(study.studyTime.slice(from, from + 2));
  const total = at(0) * 3600 + at(2) * 60 + at(4) + Math.round(seconds);
  const two = (value: number) => String(value % 60).padStart(2, '0');
  return `${String(Math.floor(total / 3600) % 24).padStart(2, '0')}${two(Math.floor(total / 60))}${two(total)}`;
}
