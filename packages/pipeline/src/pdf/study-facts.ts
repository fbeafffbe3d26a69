import { personName, string, Tag, type DicomJsonDataset, type PersonNameGroups } from '@myelon/dicom';

/** What the head of the page says of patient and study, as the source images have it. */
export interface StudyFacts {
  readonly name: PersonNameGroups | null;
  readonly patientId: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly studyDate: string | null;
  readonly studyDescription: string | null;
  readonly accessionNumber: string | null;
}

/** @param source headers of one source image */
export function studyFacts(source: DicomJsonDataset): StudyFacts {
  const text = (tag: string) => string(source, tag) ?? null;
  return {
    name: personName(source, Tag.PatientName) ?? null,
    patientId: text('00100020'),
    birthDate: shownDate(text('00100030')),
    sex: text('00100040'),
    studyDate: shownDate(text('00080020')),
    studyDescription: text('00081030'),
    accessionNumber: text('00080050'),
  };
}

function shownDate(date: string | null): string | null {
  return date !== null && /^\d{8}$/.test(date)
    ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
    : date;
}

/** Every spelling of the name, for choosing fonts. */
export function nameSpellings({ name }: StudyFacts): string[] {
  return name ? [name.alphabetic, name.ideographic, name.phonetic].flatMap((group) => group ?? []) : [];
}

/**
 * The name as it can be shown: every spelling the fonts cover. What they do not cover is left out and said so, never
 * shown as boxes or question marks.
 */
export function legibleName(facts: StudyFacts, covers: (text: string) => boolean): string {
  const spellings = nameSpellings(facts)
    .map((group) => group.replace(/\^+/gu, ' ').trim())
    .filter((group) => group !== '');
  if (spellings.length === 0) return 'no name';
  const [first, ...more] = spellings.filter(covers);
  if (first === undefined) return 'name in a script that cannot be shown here: see the images';
  const note = more.length + 1 < spellings.length ? ' (another spelling cannot be shown here)' : '';
  return `${first}${more.length > 0 ? ` (${more.join(', ')})` : ''}${note}`;
}
