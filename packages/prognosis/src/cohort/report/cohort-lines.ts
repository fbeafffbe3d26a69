import type { CohortAnalysis } from '../analysis/analyze-cohort';
import {
  correlationTable,
  cutOffTable,
  decisionTable,
  descriptionTable,
  modelTable,
  pairedTable,
  performanceTable,
  rocTable,
  twoByTwoTable,
  type ReportTable,
} from './report-tables';
import { addedValueWords, closedTestWords, patientWords } from './report-words';

/** The analysis as lines of text with aligned columns. */
export function cohortLines(analysis: CohortAnalysis): string[] {
  const tables = [
    descriptionTable,
    correlationTable,
    rocTable,
    pairedTable,
    cutOffTable,
    twoByTwoTable,
    modelTable,
    performanceTable,
    decisionTable,
  ].map((make) => make(analysis));
  return [
    patientWords(analysis),
    analysis.sample_size.words,
    ...tables.flatMap((table) => (table.rows.length > 0 ? ['', ...textTable(table)] : [])),
    '',
    analysis.verdict.words,
    closedTestWords(analysis),
    ...addedValueWords(analysis),
    ...(analysis.not_available.length > 0
      ? ['', 'Not available:', ...analysis.not_available.map(({ what, why }) => `  ${what}: ${why}`)]
      : []),
    '',
    ...analysis.statements,
  ];
}

export function textTable({ title, header, rows, notes }: ReportTable): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [title, ...all.map(line), ...notes.map((note) => `  ${note}`)];
}
