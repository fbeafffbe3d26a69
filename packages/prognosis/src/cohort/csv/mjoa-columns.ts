import { InputRefused } from '@myelon/diffusion';
import {
  MJOA_SCALES,
  MJOA_VERSIONS,
  mjoaFromItems,
  mjoaFromTotal,
  type MjoaScore,
  type MjoaVersion,
} from '../../mjoa';
import { MJOA_ITEMS, type NumberColumn } from './cohort-columns';
import type { ColumnReader } from './column-reader';

/**
 * The one version of the file: as the person says, else as its column mjoa_version or mjoa_max says, else 18 points.
 * @throws InputRefused when rows are of different versions, or the file says another than the person
 */
export function mjoaVersionOf(columns: ColumnReader, said: MjoaVersion | null): MjoaVersion {
  const names = ['mjoa_version', 'mjoa_max'] as const;
  const name = names.find((one) => columns.has(one));
  const stated = (columns.texts(names) ?? []).flatMap((text, i) => {
    if (text === '') return [];
    const version = versionNamed(text, said);
    if (!version)
      throw columns.refusal(
        `"${text}" is no version of mJOA`,
        columns.rowNumber(i),
        name ?? '',
        `give one of ${MJOA_VERSIONS.join(', ')}, or the maximum 18 or 17`,
      );
    return [version];
  });
  const versions = [...new Set(stated)];
  if (versions.length > 1)
    throw new InputRefused(
      `versions of mJOA are mixed: ${versions.join(' and ')}`,
      `${columns.table.where}, column ${name ?? ''}`,
      'analyse each version on its own: totals and recovery rates of different versions do not compare',
    );
  const [version] = versions;
  if (said && version && said !== version)
    throw new InputRefused(
      `the file says ${version}, the command ${said}`,
      columns.table.where,
      'use the version the patients were scored with',
    );
  return said ?? version ?? 'mjoa-18';
}

function versionNamed(text: string, said: MjoaVersion | null): MjoaVersion | null {
  const found = MJOA_VERSIONS.find((version) => version === text.toLowerCase());
  if (found) return found;
  if (text === '18') return 'mjoa-18';
  if (text === '17') return said === 'joa-17' ? 'joa-17' : 'mjoa-17';
  return null;
}

/**
 * Scores before or after surgery: the total, or the sum of the items where there is no total.
 * @returns null when the file has neither
 * @throws InputRefused when a total is impossible or is not the sum of its items
 */
export function mjoaScores(
  columns: ColumnReader,
  when: 'pre' | 'post',
  version: MjoaVersion,
): (MjoaScore | null)[] | null {
  const totalName = `${when}_mjoa_total`;
  const { maximum } = MJOA_SCALES[version];
  const other = maximum === 18 ? 17 : 18;
  const total: NumberColumn = {
    names: [totalName, `${when}_mjoa`],
    problem: (value) => {
      if (Number.isInteger(value) && value >= 0 && value <= maximum) return null;
      const what = !Number.isInteger(value)
        ? `mJOA ${String(value)} is not a whole number`
        : `mJOA ${String(value)} is not between 0 and ${String(maximum)}` +
          (value === other ? ` (rows of a ${String(other)}-point version?)` : '');
      return { what, whatToDo: 'check the form and its version; never mix versions in a cohort' };
    },
  };
  const totals = columns.numbersOf(total);
  const items = itemScores(columns, when, version);
  if (!totals) return items;
  return totals.map((value, i) => {
    if (value === null) return null;
    const sum = items?.[i]?.total;
    if (sum !== undefined && sum !== value)
      throw columns.refusal(
        `total ${String(value)}, but the items add up to ${String(sum)}`,
        columns.rowNumber(i),
        totalName,
        'score the items again',
      );
    return mjoaFromTotal(version, value);
  });
}

function itemScores(columns: ColumnReader, when: string, version: MjoaVersion): (MjoaScore | null)[] | null {
  if (version === 'joa-17') return null;
  const found = Object.entries(MJOA_ITEMS).map(([id, short]) => {
    const name = `${when}_mjoa_${short}`;
    return [id, name, columns.numbersOf({ names: [name], problem: () => null })] as const;
  });
  if (found.some(([, , values]) => values === null)) return null;
  return columns.table.rows.map((_, i) => {
    const entries = found.map(([id, , values]) => [id, values?.[i] ?? null] as const);
    const known = entries.flatMap(([id, value]) => (value === null ? [] : [[id, value] as const]));
    if (known.length < entries.length) return null;
    try {
      return mjoaFromItems(version, Object.fromEntries(known));
    } catch (error) {
      if (error instanceof InputRefused)
        throw columns.refusal(error.what, columns.rowNumber(i), `${when}_mjoa_*`, error.whatToDo);
      throw error;
    }
  });
}
