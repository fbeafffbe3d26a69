import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { cohortReport, type ReportItem, type ReportSection } from './cohort-report';
import type { ReportTable } from './report-tables';

/** The results as lines of text with aligned columns. */
export function cohortLines(analysis: CohortAnalysis): string[] {
  const results = cohortReport(analysis, { version: '' }).filter(({ part }) => part === 'results');
  return [analysis.sample_size.words, ...results.flatMap(sectionLines), '', ...analysis.statements];
}

export function sectionLines({ title, items }: ReportSection): string[] {
  return ['', title.replace(/^Results: /, '').toUpperCase(), ...items.flatMap(itemLines)];
}

function itemLines(item: ReportItem): string[] {
  switch (item.kind) {
    case 'text':
    case 'to fill':
      return [item.text];
    case 'list':
      return item.lines.map((line) => `  ${line}`);
    case 'table':
      return ['', ...textTable(item.table)];
  }
}

export function textTable({ title, header, rows, notes }: ReportTable): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [title, ...all.map(line), ...notes.map((note) => `  ${note}`)];
}
