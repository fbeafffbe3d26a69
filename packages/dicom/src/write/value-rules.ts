import { InputRefused } from '@myelon/diffusion';
import type { PersonName } from './attributes';
import { decimalString } from './decimal-string';

/** What a VR allows in one value (PS3.5 section 6.2); returns the value as it is written. */
type ValueRule = (value: unknown, where: string) => unknown;

const GIVE_ANOTHER = 'give a value that PS3.5 allows for this attribute';

function refuse(what: string, where: string, whatToDo = GIVE_ANOTHER): never {
  throw new InputRefused(what, where, whatToDo);
}

function text(mostCharacters: number, pattern: RegExp | null, multiline = false): ValueRule {
  return (value, where) => {
    if (typeof value !== 'string') refuse(`expected text, got ${typeof value}`, where);
    if (value === '')
      refuse('the text is empty', where, 'give a value, or null where the standard allows none');
    if ([...value].length > mostCharacters) {
      refuse(`"${value}" is longer than ${String(mostCharacters)} characters`, where, 'shorten it');
    }
    // Line breaks belong in text blocks only; everywhere else a backslash would separate two values.
    const allowed = multiline ? /^(?:[\n\r\t\f]|\P{Cc})*$/u : /^[^\p{Cc}\\]*$/u;
    if (!allowed.test(value)) refuse(`"${value}" holds a character that is not allowed`, where);
    if (pattern && !pattern.test(value)) refuse(`"${value}" is not of the form it must have`, where);
    return value;
  };
}

function whole(lowest: number, highest: number): ValueRule {
  return (value, where) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest) {
      refuse(`${String(value)} is not a whole number from ${String(lowest)} to ${String(highest)}`, where);
    }
    return value;
  };
}

const float: ValueRule = (value, where) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    refuse(`${String(value)} is not a finite number`, where, 'leave it out and say why it is missing');
  }
  return value;
};

const decimal: ValueRule = (value, where) => {
  if (typeof value === 'number') return decimalString(value, where).text;
  return text(16, /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$/)(value, where);
};

const integerText: ValueRule = (value, where) => {
  const digits = typeof value === 'string' ? Number(value) : value;
  return String(whole(-(2 ** 31), 2 ** 31 - 1)(digits, where));
};

/** Component groups of a name as PS3.5 writes them: "Alphabetic=Ideographic=Phonetic", without trailing "=". */
export function joinNameGroups(name: PersonName): string {
  return [name.Alphabetic, name.Ideographic, name.Phonetic]
    .map((group) => group ?? '')
    .join('=')
    .replace(/=+$/, '');
}

const personName: ValueRule = (value, where) => {
  const name = typeof value === 'string' ? { Alphabetic: value } : (value as PersonName | null);
  if (name === null || typeof name !== 'object') refuse('expected a person name', where);
  for (const group of [name.Alphabetic, name.Ideographic, name.Phonetic]) {
    if (group !== undefined && group !== '') text(64, /^[^=]*$/)(group, where);
  }
  const joined = joinNameGroups(name);
  if (joined === '') refuse('the name is empty', where, 'give null for no name');
  return joined;
};

const attributeTag: ValueRule = (value, where) => {
  if (typeof value !== 'number') refuse('expected a tag as a number', where);
  return value;
};

/** Rules by VR; binary VRs and SQ are handled where data sets are walked. */
export const VALUE_RULES: Readonly<Record<string, ValueRule>> = {
  AE: text(16, /^[\x20-\x7e]*$/),
  AS: text(4, /^\d{3}[DWMY]$/),
  AT: attributeTag,
  CS: text(16, /^[A-Z0-9 _]*$/),
  DA: text(8, /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/),
  DS: decimal,
  DT: text(26, /^\d{4}(\d\d){0,5}(\.\d{1,6})?([+-]\d{4})?$/),
  FD: float,
  FL: float,
  IS: integerText,
  LO: text(64, null),
  LT: text(10240, null, true),
  PN: personName,
  SH: text(16, null),
  SL: whole(-(2 ** 31), 2 ** 31 - 1),
  SS: whole(-(2 ** 15), 2 ** 15 - 1),
  ST: text(1024, null, true),
  TM: text(14, /^\d\d([0-5]\d([0-6]\d(\.\d{1,6})?)?)?$/),
  UC: text(2 ** 31, null),
  UI: text(64, /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/),
  UL: whole(0, 2 ** 32 - 1),
  UR: text(2 ** 31, /^[\x21-\x7e]+$/),
  US: whole(0, 2 ** 16 - 1),
  UT: text(2 ** 31, null, true),
};
