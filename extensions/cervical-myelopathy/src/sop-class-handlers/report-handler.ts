import type { DisplaySet, NaturalizedInstance } from '../host/ohif';
import { REPORT_HANDLER, REPORT_HANDLER_ID } from '../ids';
import { items } from './diffusion-frames';
import type { SopClassHandler } from './diffusion-handler';

const REPORT_CLASSES = [
  '1.2.840.10008.5.1.4.1.1.88.22', // Enhanced SR
  '1.2.840.10008.5.1.4.1.1.88.33', // Comprehensive SR
  '1.2.840.10008.5.1.4.1.1.88.34', // Comprehensive 3D SR
];

/** Designator of our coding scheme, which every report of ours identifies. */
const CODING_SCHEME = '99MYELON';

/**
 * Claims our own reports. The stock handler expects measurements drawn on images and fails on reports whose
 * measurements belong to a segment.
 */
export function reportHandler(): SopClassHandler {
  return {
    name: REPORT_HANDLER,
    sopClassUids: REPORT_CLASSES,
    getDisplaySetsFromSeries: (instances) => instances.filter(isMyelonReport).map(reportDisplaySet),
  };
}

export function isMyelonReport(instance: NaturalizedInstance): boolean {
  return items(instance['CodingSchemeIdentificationSequence']).some(
    (scheme) => scheme['CodingSchemeDesignator'] === CODING_SCHEME,
  );
}

function reportDisplaySet(instance: NaturalizedInstance): DisplaySet {
  return {
    displaySetInstanceUID: `myelon-${instance.SOPInstanceUID}`,
    StudyInstanceUID: instance.StudyInstanceUID,
    SeriesInstanceUID: instance.SeriesInstanceUID,
    SOPInstanceUID: instance.SOPInstanceUID,
    SOPClassUID: instance.SOPClassUID,
    SOPClassHandlerId: REPORT_HANDLER_ID,
    SeriesNumber: Number(instance['SeriesNumber'] ?? 0),
    SeriesDescription: textOf(instance['SeriesDescription']) || 'Myelon report',
    SeriesDate: instance['SeriesDate'],
    SeriesTime: instance['SeriesTime'],
    Modality: 'SR',
    label: textOf(instance['SeriesDescription']) || 'Myelon report',
    numImageFrames: 0,
    instance,
    instances: [instance],
    isReconstructable: false,
    contentDate: textOf(instance['ContentDate']),
    contentTime: textOf(instance['ContentTime']),
    verification: textOf(instance['VerificationFlag']),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
