import { items, number, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { statusInWords } from './dicom-web-error';

/** What became of one object that was sent to be stored. */
export type StoreResult =
  | {
      readonly outcome: 'stored';
      readonly sopInstanceUID: string;
      readonly status: number;
      /** What the server changed on the way in, in words. */
      readonly warning?: string;
    }
  | {
      readonly outcome: 'refused';
      readonly sopInstanceUID: string;
      readonly status: number;
      /** Why, in words, ready to show. */
      readonly reason: string;
      /** Failure Reason (0008,1197) where the server gave one. */
      readonly failureReason?: number;
      /** Whether sending the same bytes again later can succeed. */
      readonly mayRetry: boolean;
    }
  | {
      /** No answer: it is not known whether the object was stored. The same bytes may be sent again. */
      readonly outcome: 'unreachable';
      readonly sopInstanceUID: string;
      readonly reason: string;
    };

const RETRY_STATUS = new Set([401, 408, 425, 429, 500, 502, 503, 504, 507]);

/** PS3.18 table I.2-2 and PS3.7 annex C. Class codes stand for all that share their leading digits. */
const FAILURES: readonly (readonly [mask: number, code: number, words: string])[] = [
  [0xffff, 0x0110, 'processing failure'],
  [0xffff, 0x0111, 'an object with this UID is there already'],
  [0xffff, 0x0112, 'no such object instance'],
  [0xffff, 0x0117, 'the UID is not valid'],
  [0xffff, 0x0122, 'the server does not take this kind of object (SOP Class not supported)'],
  [0xffff, 0x0124, 'not authorized'],
  [0xffff, 0xc122, 'the server does not take this transfer syntax'],
  [0xff00, 0xa700, 'the server is out of resources'],
  [0xff00, 0xa900, 'the object does not match its SOP Class'],
  [0xf000, 0xc000, 'the server cannot understand the object'],
];

const WARNINGS: Readonly<Record<number, string>> = {
  0xb000: 'the server changed some values',
  0xb006: 'the server dropped some elements',
  0xb007: 'the server says that the object does not match its SOP Class',
};

/**
 * Judges the answer to a STOW-RS request for one instance (PS3.18 10.5.3). Only an answer that names the instance in
 * Referenced SOP Sequence means that it is stored, whatever the status code.
 * @param answer DICOM JSON of the answer, or undefined when there was none to understand
 */
export function storeResult(
  status: number,
  answer: DicomJsonDataset | undefined,
  sopInstanceUID: string,
): StoreResult {
  const accepted = find(answer, Tag.ReferencedSOPSequence, sopInstanceUID);
  if (accepted && status < 300) {
    const code = number(accepted, Tag.WarningReason);
    const warning = code === undefined || code === 0 ? undefined : (WARNINGS[code] ?? `warning ${hex(code)}`);
    return { outcome: 'stored', sopInstanceUID, status, ...(warning === undefined ? {} : { warning }) };
  }
  const failed = find(answer, Tag.FailedSOPSequence, sopInstanceUID);
  const failureReason = failed && number(failed, Tag.FailureReason);
  return {
    outcome: 'refused',
    sopInstanceUID,
    status,
    reason: refusalInWords(status, failureReason),
    ...(failureReason === undefined ? {} : { failureReason }),
    mayRetry: mayRetry(status, failureReason),
  };
}

function find(
  answer: DicomJsonDataset | undefined,
  sequence: string,
  sopInstanceUID: string,
): DicomJsonDataset | undefined {
  if (!answer) return undefined;
  return items(answer, sequence).find(
    (entry) => string(entry, Tag.ReferencedSOPInstanceUID) === sopInstanceUID,
  );
}

function refusalInWords(status: number, failureReason: number | undefined): string {
  if (failureReason !== undefined)
    return `${failureInWords(failureReason)} (${hex(failureReason)}, HTTP ${String(status)})`;
  if (status < 300)
    return `the server answered HTTP ${String(status)} but did not say that the object was stored`;
  return `${statusInWords(status)} (HTTP ${String(status)})`;
}

function failureInWords(code: number): string {
  return FAILURES.find(([mask, known]) => (code & mask) === known)?.[2] ?? 'the server refused the object';
}

/** Out of resources passes; what is wrong with the object itself does not. */
function mayRetry(status: number, failureReason: number | undefined): boolean {
  if (failureReason !== undefined) return (failureReason & 0xff00) === 0xa700;
  return status < 300 || RETRY_STATUS.has(status);
}

function hex(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
