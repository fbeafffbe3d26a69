import type { DicomJsonDataset } from '../dataset/dicom-json';
import { string } from '../dataset/access';
import { objectFaults } from './object-faults';
import { parametricMapFaults } from './parametric-map-faults';
import { reportFaults } from './report-faults';
import { segmentationFaults } from './segmentation-faults';

/** The objects of one analysis, each as a whole data set, and one of the images they were made from. */
export interface ReportObjects {
  readonly source: DicomJsonDataset;
  readonly segmentation: DicomJsonDataset;
  readonly report?: DicomJsonDataset;
  readonly map?: DicomJsonDataset;
  /** Further objects of the analysis: clinical assessment, documents, key object. */
  readonly others?: readonly DicomJsonDataset[];
}

/**
 * Checks what DICOM validators do not: character set, lengths, code meanings, identification of the private scheme,
 * patient and study as in the source, frame geometry, evidence, and that report and segmentation name the same
 * segments.
 *
 * @returns one line per fault; empty when there are none
 */
export function reportObjectFaults({
  source,
  segmentation,
  report,
  map,
  others = [],
}: ReportObjects): string[] {
  const named = (name: string, faults: readonly string[]) => faults.map((fault) => `${name}: ${fault}`);
  return [
    ...named('segmentation', [
      ...objectFaults(segmentation, source),
      ...segmentationFaults(segmentation, source),
    ]),
    ...(report
      ? named('report', [...objectFaults(report, source), ...reportFaults(report, segmentation)])
      : []),
    ...(map ? named('map', [...objectFaults(map, source), ...parametricMapFaults(map, source)]) : []),
    ...others.flatMap((other) =>
      named(string(other, '0008103E') ?? 'another object', objectFaults(other, source)),
    ),
  ];
}
