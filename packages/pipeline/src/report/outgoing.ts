import { newUID, type ObjectIdentity, type ReferencedVolume } from '@myelon/dicom';
import type { SliceSource } from '@myelon/diffusion';
import { sourceSeries, type ReportSource } from './report-source';

/** Series numbers of Myelon's objects: far above a scanner's, one per kind. */
export const SERIES_NUMBERS = {
  segmentation: 9001,
  report: 9002,
  document: 9003,
  keyObject: 9004,
  clinical: 9006,
  summary: 9007,
  firstMap: 9010,
  levels: 9030,
  slices: 9050,
} as const;

/** A DICOM object ready to be stored. Send the same bytes again after a failure; build anew after a change. */
export interface OutgoingObject {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly description: string;
  /** Part 10 file. */
  readonly bytes: Uint8Array;
}

/** New identifiers of an object in a series of its own. */
export function newIdentity(seriesNumber: number, seriesDescription: string): ObjectIdentity {
  return { sopInstanceUID: newUID(), seriesInstanceUID: newUID(), seriesNumber, seriesDescription };
}

export function outgoing(sopClassUID: string, made: ObjectIdentity, bytes: Uint8Array): OutgoingObject {
  const { sopInstanceUID, seriesInstanceUID, seriesDescription } = made;
  return { sopClassUID, sopInstanceUID, seriesInstanceUID, description: seriesDescription, bytes };
}

/** The b0 (or lowest b) volume of the outlined series: one frame per slice. */
export function referencedVolume(outlined: ReportSource): ReferencedVolume {
  const { grid, gradients, sources } = outlined.volume;
  const lowest = gradients.shells()[0]?.volumes[0] ?? 0;
  const slices: readonly SliceSource[] = sources.slice(lowest * grid.slices, (lowest + 1) * grid.slices);
  const { seriesInstanceUID, sopClassUID } = sourceSeries(outlined);
  return { grid, seriesInstanceUID, sopClassUID, slices };
}
