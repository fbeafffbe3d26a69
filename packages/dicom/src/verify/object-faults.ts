import { items, string, values } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode, type Code } from '../codes/code';
import { CONCEPTS, UNITS, VALUES, VERTEBRA_CODES } from '../codes/concepts';
import { MYELON_CODES, MYELON_SCHEME } from '../codes/myelon-scheme';
import { FITTING_CODES, MODEL_CODES, QUANTITY_CODING, STATISTIC_CODES } from '../codes/quantities';
import { codeOf } from '../structured-report/content-tree';
import { everyDataset, everyElement, type PlacedElement } from './elements';

/** Longest value of the text VRs dcmjs would let through or cut. */
const MOST_CHARACTERS: Readonly<Record<string, number>> = {
  SH: 16,
  LO: 64,
  CS: 16,
  DS: 16,
  ST: 1024,
  UI: 64,
};

/** Patient and study attributes that results share with their source images. */
const SHARED_WITH_SOURCE = [
  '00080020', '00080030', '00080050', '00080090', '00081030', '00100010', '00100020', '00100021', '00100030',
  '00100040', '0020000D', '00200010',
] as const; // prettier-ignore

const KNOWN_CODES: readonly Code[] = [
  CONCEPTS,
  VALUES,
  UNITS,
  MYELON_CODES,
  MODEL_CODES,
  FITTING_CODES,
  STATISTIC_CODES,
  VERTEBRA_CODES,
]
  .flatMap((group): Code[] => Object.values(group))
  .concat(Object.values(QUANTITY_CODING).map(({ concept }) => concept));

/** Faults any object Myelon writes could have and no validator reports. Empty when there are none. */
export function objectFaults(dataset: DicomJsonDataset, source: DicomJsonDataset): string[] {
  const elements = everyElement(dataset);
  return [
    ...characterSetFaults(dataset, elements),
    ...lengthFaults(elements),
    ...codeFaults(dataset),
    ...sourceFaults(dataset, source),
  ];
}

function characterSetFaults(dataset: DicomJsonDataset, elements: readonly PlacedElement[]): string[] {
  const foreign = elements.find(({ element }) => /\P{ASCII}/u.test(JSON.stringify(element.Value ?? [])));
  const declared = string(dataset, '00080005');
  return foreign && declared !== 'ISO_IR 192'
    ? [`${foreign.path}: text beyond ASCII, but the character set is ${declared ?? 'not declared'}`]
    : [];
}

function lengthFaults(elements: readonly PlacedElement[]): string[] {
  return elements.flatMap(({ path, element }) => {
    const most = MOST_CHARACTERS[element.vr];
    if (most === undefined) return [];
    const long = (element.Value ?? []).find((value) => typeof value === 'string' && [...value].length > most);
    return long === undefined ? [] : [`${path}: "${String(long)}" is longer than ${String(most)} characters`];
  });
}

function codeFaults(dataset: DicomJsonDataset): string[] {
  const codes = everyDataset(dataset).flatMap((item) => codeOf(item) ?? []);
  const wrong = codes.flatMap((code) => {
    const known = KNOWN_CODES.find((candidate) => sameCode(candidate, code));
    if (known && known.meaning !== code.meaning)
      return [`(${code.value}, ${code.scheme}) means "${known.meaning}", not "${code.meaning}"`];
    return !known && code.scheme === MYELON_SCHEME.designator
      ? [`${code.value} is not in the table of ${MYELON_SCHEME.designator}`]
      : [];
  });
  const uses = codes.some((code) => code.scheme === MYELON_SCHEME.designator);
  const identified = items(dataset, '00080110').some(
    (scheme) => string(scheme, '00080102') === MYELON_SCHEME.designator,
  );
  return uses && !identified ? [...wrong, `${MYELON_SCHEME.designator} is used but not identified`] : wrong;
}

function sourceFaults(dataset: DicomJsonDataset, source: DicomJsonDataset): string[] {
  const text = (from: DicomJsonDataset, tag: string) => JSON.stringify(values(from, tag));
  return SHARED_WITH_SOURCE.filter((tag) => text(dataset, tag) !== text(source, tag)).map(
    (tag) => `${tag}: ${text(dataset, tag)}, but the source images say ${text(source, tag)}`,
  );
}
