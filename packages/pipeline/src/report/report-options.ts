import type { ReportClass } from '@myelon/dicom';

/** Kinds of objects a site can ask for, in the order in which they are stored. */
export const REPORT_OBJECTS = {
  seg: 'outline and levels (SEG)',
  pm: 'one Parametric Map per quantity',
  sr: 'regions, statement, score and levels (SR)',
  mjoa: 'mJOA and history (SR)',
  slices: 'single slices (SR)',
  pdf: 'the report as PDF',
  ko: 'a Key Object that names them',
} as const;
export type ReportObject = keyof typeof REPORT_OBJECTS;

/** What a site wants stored. */
export interface ReportOptions {
  readonly objects: readonly ReportObject[];
  readonly reportClass: ReportClass;
}

/** Everything but single slices, whose values outline and maps give. */
export const DEFAULT_REPORT_OPTIONS: ReportOptions = {
  objects: ['seg', 'pm', 'sr', 'mjoa', 'pdf', 'ko'],
  reportClass: 'comprehensive-3d',
};

/** Why these objects cannot go without others; null when they can. */
export function missingCompanion(objects: readonly ReportObject[]): string | null {
  const needsOutline = objects.find((object) => object === 'sr' || object === 'slices');
  return needsOutline && !objects.includes('seg') ? `${needsOutline} refers to the outline: add seg` : null;
}
