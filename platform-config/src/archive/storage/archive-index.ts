import type { DicomJsonDataset } from '@myelon/dicom';
import type { InstanceRecord } from './instance-record';

export interface InstanceEntry {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  readonly attributes: DicomJsonDataset;
}

export interface SeriesEntry {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Of the instance stored first, completed by later ones. */
  attributes: DicomJsonDataset;
  readonly instances: Map<string, InstanceEntry>;
}

export interface StudyEntry {
  readonly studyInstanceUID: string;
  attributes: DicomJsonDataset;
  readonly series: Map<string, SeriesEntry>;
}

export interface Counts {
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
}

/** Studies, series and instances in memory: identifiers and query attributes only. */
export class ArchiveIndex {
  readonly studies = new Map<string, StudyEntry>();
  private readonly instances = new Map<string, InstanceEntry>();

  add(record: InstanceRecord): void {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID, transferSyntaxUID } = record;
    const study = this.studies.get(studyInstanceUID) ?? {
      studyInstanceUID,
      attributes: {},
      series: new Map(),
    };
    const series = study.series.get(seriesInstanceUID) ?? {
      studyInstanceUID,
      seriesInstanceUID,
      attributes: {},
      instances: new Map<string, InstanceEntry>(),
    };
    // What came first stays: a report that names the study differently must not rename it.
    study.attributes = { ...record.study, ...study.attributes };
    series.attributes = { ...record.series, ...series.attributes };
    const entry: InstanceEntry = {
      studyInstanceUID,
      seriesInstanceUID,
      sopInstanceUID,
      sopClassUID,
      transferSyntaxUID,
      attributes: record.instance,
    };
    this.studies.set(studyInstanceUID, study);
    study.series.set(seriesInstanceUID, series);
    series.instances.set(sopInstanceUID, entry);
    this.instances.set(sopInstanceUID, entry);
  }

  instance(sopInstanceUID: string): InstanceEntry | undefined {
    return this.instances.get(sopInstanceUID);
  }

  counts(): Counts {
    let series = 0;
    for (const study of this.studies.values()) series += study.series.size;
    return { studies: this.studies.size, series, instances: this.instances.size };
  }
}

/** Value of an attribute that has one number, for ordering; attributes without it come last. */
function firstNumber(attributes: DicomJsonDataset, tag: string): number {
  const value = Number(attributes[tag]?.Value?.[0]);
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byNumber = (a: number, b: number) => (a === b ? 0 : a - b);

/** Instances in the order a reader expects: by Instance Number, then by UID. */
export function sortedInstances(series: SeriesEntry): InstanceEntry[] {
  return [...series.instances.values()].sort(
    (a, b) =>
      byNumber(firstNumber(a.attributes, '00200013'), firstNumber(b.attributes, '00200013')) ||
      byText(a.sopInstanceUID, b.sopInstanceUID),
  );
}

/** Series of a study by Series Number, then by UID. */
export function sortedSeries(study: StudyEntry): SeriesEntry[] {
  return [...study.series.values()].sort(
    (a, b) =>
      byNumber(firstNumber(a.attributes, '00200011'), firstNumber(b.attributes, '00200011')) ||
      byText(a.seriesInstanceUID, b.seriesInstanceUID),
  );
}

/** Newest study first, then by UID. */
export function sortedStudies(index: ArchiveIndex): StudyEntry[] {
  const when = ({ attributes }: StudyEntry) =>
    [attributes['00080020']?.Value?.[0], attributes['00080030']?.Value?.[0]]
      .map((part) => String(part ?? ''))
      .join('');
  return [...index.studies.values()].sort(
    (a, b) => byText(when(b), when(a)) || byText(a.studyInstanceUID, b.studyInstanceUID),
  );
}
