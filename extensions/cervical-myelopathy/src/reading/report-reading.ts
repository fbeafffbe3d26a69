import type { OutboxItem, ReportedAnalysis } from '@myelon/pipeline';
import type { WriteTarget } from '../host/viewer-host';
import type { Problem, SectionState } from './reading-state';

/** A Myelon report that an archive holds, as the panel lists it. */
export interface ArchivedReport {
  readonly sopInstanceUID: string;
  readonly studyInstanceUID: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly verified: boolean;
  /** As "Family^Given"; null for a draft. */
  readonly verifiedBy: string | null;
  /** SOP Instance UID of the report this one replaces. */
  readonly predecessor: string | null;
  /** The workplace it was made on. */
  readonly madeOn: string | null;
  /** One line: "Compression: FA 0.38, f 7.9 %". */
  readonly values: string;
  /** The 2 x 2 sentence or why there is none; empty when the report says neither. */
  readonly statement: string;
  /** Null when the report cannot be read. */
  readonly analysis: ReportedAnalysis | null;
  /** True for a report that goes with another: of single slices or levels. */
  readonly isPart: boolean;
  /** Why the report cannot be read; null when it can. */
  readonly problem: Problem | null;
}

/** What a save writes besides the outline and the report. */
export interface ReportChoice {
  readonly maps: boolean;
  readonly slices: boolean;
  readonly pdf: boolean;
  readonly keyObject: boolean;
}

export interface ReportReading {
  readonly state: SectionState;
  readonly target: WriteTarget | null;
  readonly choice: ReportChoice;
  /** What the outbox keeps of this study, oldest first. */
  readonly kept: readonly OutboxItem[];
  /** The last save: what it was made of, and its group in the outbox. */
  readonly queued: { readonly recordId: string; readonly group: string } | null;
  /** `record.id` that was last confirmed by the archive; null before. */
  readonly savedRecordId: string | null;
  /** When the report was made that outline, maps and numbers were restored from; null when they were not. */
  readonly restoredFrom: string | null;
  /** Set when the browser has no room for what a save needs, in bytes. */
  readonly room: { readonly free: number; readonly needed: number } | null;
  /** Newest first. */
  readonly archived: readonly ArchivedReport[];
  /** Reports of other studies of the patient, newest first; null before they were asked for. */
  readonly prior: readonly ArchivedReport[] | null;
  readonly priorProblem: string | null;
  /** The archive is being asked. */
  readonly looking: boolean;
  /** Why the list could not be read; null when it was. */
  readonly historyProblem: string | null;
}
