import { tagOf } from '../part10/dictionary';

/** One attribute to match: a path of tags (more than one inside a sequence) and what its value must be. */
export interface MatchKey {
  readonly path: readonly string[];
  readonly value: string;
}

/** The query part of a search, understood. */
export interface SearchParameters {
  readonly match: readonly MatchKey[];
  /** Attributes asked for beyond the usual ones. */
  readonly include: readonly string[];
  readonly includeAll: boolean;
  readonly limit: number | undefined;
  readonly offset: number;
  /** Parameters that were not understood, for the Warning header. */
  readonly ignored: readonly string[];
}

/** A query that cannot be answered: status 400. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new BadQuery(`${name}=${text} is not a whole number`);
  return Number(text);
}

/** `00400275.00400009` or `RequestAttributesSequence.ScheduledProcedureStepID` as tags, or undefined. */
function attributePath(name: string): string[] | undefined {
  const tags = name.split('.').map(tagOf);
  return tags.every((tag) => tag !== undefined) ? tags : undefined;
}

/** Reads the query of a QIDO-RS search (PS3.18 section 8.3.4). Attributes may be tags or keywords. */
export function searchParameters(query: URLSearchParams): SearchParameters {
  const match: MatchKey[] = [];
  const include: string[] = [];
  const ignored: string[] = [];
  let includeAll = false;
  let limit: number | undefined;
  let offset = 0;
  for (const [name, value] of query) {
    if (name === 'limit') limit = wholeNumber(name, value);
    else if (name === 'offset') offset = wholeNumber(name, value);
    else if (name === 'includefield') {
      for (const field of value.split(',').filter((part) => part !== '')) {
        const path = attributePath(field);
        if (field === 'all') includeAll = true;
        else if (path?.[0]) include.push(path[0]);
        else ignored.push(`includefield=${field}`);
      }
    } else if (name === 'fuzzymatching') {
      if (value === 'true') ignored.push('fuzzymatching=true');
    } else {
      const path = attributePath(name);
      const key = path?.join('.');
      if (match.some((other) => other.path.join('.') === key)) {
        throw new BadQuery(`${name} is given more than once`);
      }
      if (path) match.push({ path, value });
      else ignored.push(name);
    }
  }
  return { match, include, includeAll, limit, offset, ignored };
}
