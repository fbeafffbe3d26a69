export { cohortPdf } from './cohort-pdf';
export { attachedRecord } from './attached-record';
export type { Underlay } from './cord-picture';
export type { ReportFonts } from './report-fonts';
export { reportPdf, type ReportPdfRequest } from './report-pdf';
export { studyFacts, type StudyFacts } from './study-facts';
