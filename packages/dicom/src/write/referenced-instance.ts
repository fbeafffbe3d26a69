import type { Attributes } from './attributes';

/** An instance another object refers to. */
export interface ReferencedInstance {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/** Item of an evidence sequence (PS3.3 table 10-4): instances of one study, one item per series. */
export function hierarchicalReference(
  studyInstanceUID: string,
  instances: readonly ReferencedInstance[],
): Attributes {
  const series = new Map<string, Attributes[]>();
  for (const { sopClassUID, sopInstanceUID, seriesInstanceUID } of instances) {
    const reference = { ReferencedSOPClassUID: sopClassUID, ReferencedSOPInstanceUID: sopInstanceUID };
    series.set(seriesInstanceUID, [...(series.get(seriesInstanceUID) ?? []), reference]);
  }
  return {
    StudyInstanceUID: studyInstanceUID,
    ReferencedSeriesSequence: [...series].map(([seriesInstanceUID, references]) => ({
      SeriesInstanceUID: seriesInstanceUID,
      ReferencedSOPSequence: references,
    })),
  };
}
