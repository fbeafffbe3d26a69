import type { Attributes } from '../write/attributes';

/** A coded concept: value, coding scheme designator and meaning. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  /** At most 64 characters. */
  readonly meaning: string;
}

export const code = (value: string, scheme: string, meaning: string): Code => ({ value, scheme, meaning });
export const dcm = (value: string, meaning: string): Code => code(value, 'DCM', meaning);
export const sct = (value: string, meaning: string): Code => code(value, 'SCT', meaning);
export const ucum = (value: string, meaning: string): Code => code(value, 'UCUM', meaning);

/** The item of a code sequence (PS3.3 table 8.8-1). */
export function codeItem({ value, scheme, meaning }: Code): Attributes {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** Two codes are the same concept when value and scheme agree; meanings are for people. */
export function sameCode(p: Pick<Code, 'value' | 'scheme'>, q: Pick<Code, 'value' | 'scheme'>): boolean {
  return p.value === q.value && p.scheme === q.scheme;
}
