import { BadUsage } from './exit-code';

/** A time with its zone, ISO 8601. @throws BadUsage when it is none */
export function parseTime(text: string): string {
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(text) ||
    Number.isNaN(Date.parse(text))
  )
    throw new BadUsage(`--created-at ${text}: give a time with its zone, as in 2026-03-01T14:05:00+01:00`);
  return text;
}

/** 20 or more, or 0. @throws BadUsage when it is neither */
export function parseReplicates(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || (value > 0 && value < 20))
    throw new BadUsage(`--replicates ${text}: give 20 or more, or 0 for none`);
  return value;
}

/** "7-8" or "7", counted from 1, to indices from 0. @throws BadUsage when it is neither */
export function parseSlices(text: string): readonly number[] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text.trim());
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!match || first < 1 || last < first)
    throw new BadUsage(
      `--compression-slices ${text}: give the first and last slice, counted from 1, as in 7-8`,
    );
  return Array.from({ length: last - first + 1 }, (_, index) => first - 1 + index);
}
