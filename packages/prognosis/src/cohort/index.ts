export {
  analyzeCohort,
  type AnalyzeOptions as AnalyzeCohortOptions,
  type CohortAnalysis,
} from './analysis/analyze-cohort';
export { analyzeRescan, type RescanAnalysis } from './analysis/analyze-rescan';
export type { Absence } from './analysis/absences';
export { decodeText } from './csv/decode-text';
export { readCohortCsv, type CohortCsvOptions } from './csv/read-cohort-csv';
export { isRescanCsv, readRescanCsv, type RescanPairs } from './csv/read-rescan-csv';
export type { Cohort, CohortPatient } from './data/cohort';
export { cohortLines } from './report/cohort-lines';
export { cohortMarkdown } from './report/cohort-markdown';
export { predictionsCsv } from './report/predictions-csv';
export { rescanLines } from './report/rescan-lines';
export { cohortReport, type ReportItem, type ReportSection } from './report/cohort-report';
export { rescanReport } from './report/rescan-report';
export type { ReportTable } from './report/report-tables';
export type { CohortPlot, PlotColour } from './plots/cohort-plot';
export { cohortPlots } from './plots/cohort-plots';
export { rescanPlots } from './plots/rescan-plots';
export { plotMarks, type PlotMark } from './plots/plot-marks';
export { DARK_THEME, pathData, plotSvg, PRINT_THEME, type PlotTheme } from './plots/plot-svg';
