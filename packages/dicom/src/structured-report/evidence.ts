import type { Attributes } from '../write/attributes';

/** A series with instances of one class. */
export interface SourceSeries {
  readonly seriesInstanceUID: string;
  readonly sopClassUID: string;
  readonly sopInstanceUIDs: readonly string[];
}

/**
 * Every instance of these series: as evidence what the content refers to, as other evidence the rest (PS3.3
 * C.17.2.3).
 */
export function evidence(
  studyInstanceUID: string,
  series: readonly SourceSeries[],
  content: readonly Attributes[],
): Attributes {
  const referenced = new Set(content.flatMap(referencedInstances));
  const part = (isIn: (uid: string) => boolean): Attributes[] => {
    const some = series.flatMap((one) => {
      const uids = one.sopInstanceUIDs.filter(isIn);
      return uids.length === 0 ? [] : [{ ...one, sopInstanceUIDs: uids }];
    });
    return some.length === 0
      ? []
      : [{ StudyInstanceUID: studyInstanceUID, ReferencedSeriesSequence: some.map(seriesItem) }];
  };
  const others = part((uid) => !referenced.has(uid));
  return {
    CurrentRequestedProcedureEvidenceSequence: part((uid) => referenced.has(uid)),
    ...(others.length > 0 ? { PertinentOtherEvidenceSequence: others } : {}),
  };
}

function seriesItem({ seriesInstanceUID, sopClassUID, sopInstanceUIDs }: SourceSeries): Attributes {
  return {
    SeriesInstanceUID: seriesInstanceUID,
    ReferencedSOPSequence: sopInstanceUIDs.map((uid) => ({
      ReferencedSOPClassUID: sopClassUID,
      ReferencedSOPInstanceUID: uid,
    })),
  };
}

function referencedInstances(content: Attributes): string[] {
  const uid = content['ReferencedSOPInstanceUID'];
  const nested = ['ReferencedSOPSequence', 'ContentSequence'].flatMap((sequence) => {
    const items = content[sequence];
    return Array.isArray(items) ? (items as readonly Attributes[]).flatMap(referencedInstances) : [];
  });
  return typeof uid === 'string' ? [uid, ...nested] : nested;
}
