import type { OutgoingObject } from '../report/outgoing';

/** Where an object goes. */
export interface OutboxTarget {
  /** What people call the archive. */
  readonly name: string;
  /** Root of its DICOMweb service. */
  readonly url: string;
}

export type OutboxState =
  /** Will be sent, again and again; `notBefore` is null when that may be now. */
  | {
      readonly kind: 'queued';
      readonly notBefore: string | null;
      readonly problem: string | null;
      /** The archive wants a sign-in first. */
      readonly signIn?: true;
    }
  /** The archive named it as stored and gave it back. */
  | { readonly kind: 'sent'; readonly at: string }
  /** Sending the same again will not help; the reader decides. Nothing is thrown away. */
  | { readonly kind: 'refused'; readonly at: string; readonly why: string; readonly whatToDo: string };

/** One object on its way. Times are ISO 8601. */
export interface OutboxItem {
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly studyInstanceUID: string;
  readonly sopClassUID: string;
  readonly description: string;
  readonly target: OutboxTarget;
  /** Objects of one save; each refers to earlier ones, so a later one never overtakes. */
  readonly group: string;
  /** Place in its group, from 0. */
  readonly position: number;
  readonly queuedAt: string;
  /** Tries that have ended. */
  readonly attempts: number;
  readonly state: OutboxState;
}

/** An item with its Part 10 file. */
export interface OutboxEntry {
  readonly item: OutboxItem;
  readonly bytes: Uint8Array;
}

/**
 * Items of one save, in the order of the objects.
 * @param group new for every save
 */
export function outboxEntries(
  objects: readonly OutgoingObject[],
  about: {
    readonly studyInstanceUID: string;
    readonly target: OutboxTarget;
    readonly group: string;
    readonly now: Date;
  },
): OutboxEntry[] {
  const { studyInstanceUID, target, group, now } = about;
  return objects.map(({ bytes, sopClassUID, sopInstanceUID, seriesInstanceUID, description }, position) => ({
    bytes,
    item: {
      sopInstanceUID,
      seriesInstanceUID,
      studyInstanceUID,
      sopClassUID,
      description,
      target,
      group,
      position,
      queuedAt: now.toISOString(),
      attempts: 0,
      state: { kind: 'queued', notBefore: null, problem: null },
    },
  }));
}
