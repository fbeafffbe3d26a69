import type { DicomJsonDataset } from '@myelon/dicom';
import type { InstanceEntry, SeriesEntry, StudyEntry } from '../storage/archive-index';

const text = (vr: string, ...values: readonly string[]) => ({ vr, Value: values });
const whole = (value: number) => ({ vr: 'IS', Value: [value] });

export function modalitiesOf(study: StudyEntry): string[] {
  const modalities = new Set<string>();
  for (const { attributes } of study.series.values()) {
    const modality = attributes['00080060']?.Value?.[0];
    if (typeof modality === 'string') modalities.add(modality);
  }
  return [...modalities].sort();
}

const utf8 = { '00080005': text('CS', 'ISO_IR 192') };
const online = { '00080056': text('CS', 'ONLINE') };

/** A study as a search returns it (PS3.18 table 10.6.3-3). `root` is the address of the service. */
export function studyDataset(study: StudyEntry, root: string): DicomJsonDataset {
  const sopClasses = new Set<string>();
  let instances = 0;
  for (const { instances: ofSeries } of study.series.values()) {
    instances += ofSeries.size;
    for (const { sopClassUID } of ofSeries.values()) sopClasses.add(sopClassUID);
  }
  const modalities = modalitiesOf(study);
  return {
    ...utf8,
    ...online,
    ...study.attributes,
    ...(modalities.length > 0 && { '00080061': text('CS', ...modalities) }),
    '00080062': text('UI', ...sopClasses),
    '00081190': text('UR', `${root}/studies/${study.studyInstanceUID}`),
    '0020000D': text('UI', study.studyInstanceUID),
    '00201206': whole(study.series.size),
    '00201208': whole(instances),
  };
}

/** A series as a search returns it (table 10.6.3-4). */
export function seriesDataset(series: SeriesEntry, root: string): DicomJsonDataset {
  const { studyInstanceUID, seriesInstanceUID } = series;
  return {
    ...utf8,
    ...online,
    ...series.attributes,
    '00081190': text('UR', `${root}/studies/${studyInstanceUID}/series/${seriesInstanceUID}`),
    '0020000D': text('UI', studyInstanceUID),
    '0020000E': text('UI', seriesInstanceUID),
    '00201209': whole(series.instances.size),
  };
}

export function instanceUrl(instance: InstanceEntry, root: string): string {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
  return `${root}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
}

/** An instance as a search returns it (table 10.6.3-5). */
export function instanceDataset(instance: InstanceEntry, root: string): DicomJsonDataset {
  return {
    ...utf8,
    ...online,
    ...instance.attributes,
    '00083002': text('UI', instance.transferSyntaxUID),
    '00081190': text('UR', instanceUrl(instance, root)),
    '0020000D': text('UI', instance.studyInstanceUID),
    '0020000E': text('UI', instance.seriesInstanceUID),
  };
}
