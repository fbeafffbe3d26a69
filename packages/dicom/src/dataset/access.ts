import type { DicomJsonDataset, DicomJsonElement } from './dicom-json';
import { inlineBytes } from './binary-element';

/** One element, or undefined when it is absent. */
export function element(dataset: DicomJsonDataset, tag: string): DicomJsonElement | undefined {
  return dataset[tag];
}

/** Values as they stand; empty when the element is absent, empty or holds only `null`. */
export function values(dataset: DicomJsonDataset, tag: string): readonly unknown[] {
  const found = dataset[tag]?.Value;
  if (!Array.isArray(found)) return [];
  const list: readonly unknown[] = found;
  return list.some(isEmpty) ? list.filter((value) => !isEmpty(value)) : list;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined;
}

/** Text values without their padding. A person name gives its alphabetic group. */
export function strings(dataset: DicomJsonDataset, tag: string): string[] {
  return values(dataset, tag).map(textOf);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return unpadded(value);
  if (typeof value === 'number') return String(value);
  if (isRecord(value)) return typeof value['Alphabetic'] === 'string' ? value['Alphabetic'] : '';
  return '';
}

const PADDED = /^ |[\s\0]$/u;

function unpadded(text: string): string {
  return PADDED.test(text) ? text.replace(/[\s\0]+$/u, '').replace(/^ +/u, '') : text;
}

/** First text value; undefined when there is none or it is blank. */
export function string(dataset: DicomJsonDataset, tag: string): string | undefined {
  const value = values(dataset, tag)[0];
  const first = value === undefined ? undefined : textOf(value);
  return first === '' ? undefined : first;
}

/**
 * Numbers, from numbers or from text as DICOM JSON allows both for DS and IS. A value that is no number
 * ("" or "n/a") becomes NaN, so positions in the list keep their meaning.
 */
export function numbers(dataset: DicomJsonDataset, tag: string): number[] {
  return values(dataset, tag).map(numberOf);
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseDecimal(value) : Number.NaN;
}

/** First number; undefined when there is none or it is not finite. */
export function number(dataset: DicomJsonDataset, tag: string): number | undefined {
  const value = values(dataset, tag)[0];
  const first = value === undefined ? Number.NaN : numberOf(value);
  return Number.isFinite(first) ? first : undefined;
}

/** First number if it is whole. "1000.0" in an IS is 1000; 1.5 is not an integer and gives undefined. */
export function integer(dataset: DicomJsonDataset, tag: string): number | undefined {
  const value = number(dataset, tag);
  return value !== undefined && Number.isInteger(value) ? value : undefined;
}

/** Exactly `count` finite numbers, or undefined. */
export function tuple(dataset: DicomJsonDataset, tag: string, count: number): readonly number[] | undefined {
  const found = numbers(dataset, tag);
  return found.length === count && found.every(Number.isFinite) ? found : undefined;
}

/** Items of a sequence; empty when absent. */
export function items(dataset: DicomJsonDataset, tag: string): readonly DicomJsonDataset[] {
  return values(dataset, tag).filter(isRecord) as unknown as readonly DicomJsonDataset[];
}

/** First item of a sequence. */
export function item(dataset: DicomJsonDataset, tag: string): DicomJsonDataset | undefined {
  const first: unknown = dataset[tag]?.Value?.[0];
  return isRecord(first) ? (first as unknown as DicomJsonDataset) : items(dataset, tag)[0];
}

/** The three groups of a person name; a missing group is ''. */
export interface PersonNameGroups {
  readonly alphabetic: string;
  readonly ideographic: string;
  readonly phonetic: string;
}

export function personName(dataset: DicomJsonDataset, tag: string): PersonNameGroups | undefined {
  const value = values(dataset, tag)[0];
  if (typeof value === 'string') {
    const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=');
    return { alphabetic, ideographic, phonetic };
  }
  if (!isRecord(value)) return undefined;
  const group = (name: string) => (typeof value[name] === 'string' ? value[name] : '');
  return {
    alphabetic: group('Alphabetic'),
    ideographic: group('Ideographic'),
    phonetic: group('Phonetic'),
  };
}

/** Bytes of an element that carries them inline (OB, OW, UN ...); undefined when absent or only a bulk URI. */
export function binary(dataset: DicomJsonDataset, tag: string): Uint8Array | undefined {
  const found = dataset[tag];
  return found && inlineBytes(found);
}

/** A DS or IS text as a number: padding is dropped, a decimal comma is not guessed at; NaN when it is none. */
export function parseDecimal(text: string): number {
  const trimmed = BLANK.test(text) ? text.replace(/[\s\0]+/gu, '') : text;
  return DECIMAL.test(trimmed) ? Number(trimmed) : Number.NaN;
}

const BLANK = /[\s\0]/u;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/u;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
