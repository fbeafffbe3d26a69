import { item, items, number, string, values } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode, type Code } from '../codes/code';

/** Tags of the SR document content module. */
const CONTENT_SEQUENCE = '0040A730';
const CONCEPT_NAME = '0040A043';

/** Code of an item of a code sequence; null when it is not whole. */
export function codeOf(dataset: DicomJsonDataset | undefined): Code | null {
  if (!dataset) return null;
  const value = string(dataset, '00080100') ?? string(dataset, '00080119') ?? string(dataset, '00080120');
  const scheme = string(dataset, '00080102');
  if (value === undefined || scheme === undefined) return null;
  return { value, scheme, meaning: string(dataset, '00080104') ?? value };
}

export function conceptName(content: DicomJsonDataset): Code | null {
  return codeOf(item(content, CONCEPT_NAME));
}

export function children(content: DicomJsonDataset): readonly DicomJsonDataset[] {
  return items(content, CONTENT_SEQUENCE);
}

/** Children with this concept name. */
export function named(content: DicomJsonDataset, concept: Code): DicomJsonDataset[] {
  return children(content).filter((child) => {
    const name = conceptName(child);
    return name !== null && sameCode(name, concept);
  });
}

export function firstNamed(content: DicomJsonDataset, concept: Code): DicomJsonDataset | undefined {
  return named(content, concept)[0];
}

export const valueType = (content: DicomJsonDataset): string => string(content, '0040A040') ?? '';

/** Text as it stands, line breaks and all; undefined for another value type. */
export function textOf(content: DicomJsonDataset | undefined): string | undefined {
  const text = content && values(content, '0040A160')[0];
  return typeof text === 'string' ? text.replace(/[ \0]+$/u, '') : undefined;
}

export function uidOf(content: DicomJsonDataset | undefined): string | undefined {
  return content && string(content, '0040A124');
}

export function codeValueOf(content: DicomJsonDataset | undefined): Code | null {
  return content ? codeOf(item(content, '0040A168')) : null;
}

/** A number and its unit; the floating point value where there is one. Null without either. */
export function measuredValue(
  content: DicomJsonDataset | undefined,
): { readonly value: number; readonly unit: Code } | null {
  const measured = content && item(content, '0040A300');
  if (!measured) return null;
  const value = number(measured, '0040A161') ?? number(measured, '0040A30A');
  const unit = codeOf(item(measured, '004008EA'));
  return value === undefined || unit === null ? null : { value, unit };
}
