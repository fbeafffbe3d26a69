import type { DicomJsonDataset } from '../dataset/dicom-json';
import { privateBytes, type PrivateElement } from '../dataset/private-elements';
import { parseCsaHeader, type CsaHeader } from './siemens-csa';

const manufacturer = /^siemens/iu;
const mr = { group: '0019', creator: 'SIEMENS MR HEADER', manufacturer } as const;

/**
 * Private elements of Siemens MR. Source: Siemens DICOM conformance statements (syngo MR D13, E11), private
 * attribute tables.
 */
export const SiemensElement = {
  NumberOfImagesInMosaic: { ...mr, element: '0A', vr: 'US' },
  BValue: { ...mr, element: '0C', vr: 'IS' },
  DiffusionDirectionality: { ...mr, element: '0D', vr: 'CS' },
  DiffusionGradientDirection: { ...mr, element: '0E', vr: 'FD' },
  BMatrix: { ...mr, element: '27', vr: 'FD' },
  MosaicRefAcqTimes: { ...mr, element: '29', vr: 'FD' },
  CsaImageHeader: { group: '0029', creator: 'SIEMENS CSA HEADER', element: '10', vr: 'OB', manufacturer },
} as const satisfies Record<string, PrivateElement>;

const NO_CSA_HEADER: CsaHeader = new Map();
const parsedHeaders = new WeakMap<DicomJsonDataset, CsaHeader>();

/** The CSA image header of an image, when it is there. Several readers ask for it; it is parsed once. */
export function csaImageHeader(dataset: DicomJsonDataset): CsaHeader | undefined {
  let header = parsedHeaders.get(dataset);
  if (!header) {
    const bytes = privateBytes(dataset, SiemensElement.CsaImageHeader);
    header = bytes ? parseCsaHeader(bytes) : NO_CSA_HEADER;
    parsedHeaders.set(dataset, header);
  }
  return header.size > 0 ? header : undefined;
}
