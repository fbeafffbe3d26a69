import type { RescanAnalysis } from '../analysis/analyze-rescan';
import { sectionLines } from './cohort-lines';
import { rescanReport } from './rescan-report';

/** Scan-rescan repeatability as lines of text. */
export function rescanLines(analysis: RescanAnalysis): string[] {
  return rescanReport(analysis).flatMap(sectionLines);
}
