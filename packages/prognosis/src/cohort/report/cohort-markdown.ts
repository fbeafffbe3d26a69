import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { cohortReport, type ReportItem } from './cohort-report';
import type { ReportTable } from './report-tables';

/** The report in Markdown; what only the site knows is marked for it to fill in. */
export function cohortMarkdown(of: CohortAnalysis, options: { version: string }): string {
  const sections = cohortReport(of, options).map(
    ({ title, items }) => `## ${title}\n\n${items.flatMap(paragraphs).join('\n\n')}\n`,
  );
  return `# Cohort report\n\n${sections.join('\n')}`;
}

function paragraphs(item: ReportItem): string[] {
  switch (item.kind) {
    case 'text':
      return [item.text];
    case 'to fill':
      return [`${item.text}: *To be stated by the site.*`];
    case 'list':
      return [item.lines.map((line) => `- ${line}`).join('\n')];
    case 'table':
      return markdownTable(item.table);
  }
}

function markdownTable({ title, header, rows, notes }: ReportTable): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `**${title}**`,
    [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n'),
    ...notes,
  ];
}
