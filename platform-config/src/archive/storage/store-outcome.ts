/** Failure Reason (0008,1197) values of PS3.18 table I.2.2-2 and PS3.4 table that this archive answers. */
export const failureReasons = {
  /** The instance belongs to another study than the request names. */
  processingFailure: 0x0110,
  /** The SOP Instance UID is taken by an instance with other content. */
  duplicateSopInstance: 0x0111,
  /** Disk full and the like. */
  outOfResources: 0xa700,
  /** Not DICOM, or not all of it. */
  cannotUnderstand: 0xc000,
} as const;

export type StoreOutcome =
  | {
      readonly status: 'stored' | 'already-stored';
      readonly studyInstanceUID: string;
      readonly seriesInstanceUID: string;
      readonly sopInstanceUID: string;
      readonly sopClassUID: string;
    }
  | {
      readonly status: 'failed';
      readonly reason: number;
      /** For people: what is wrong with the file. */
      readonly message: string;
      /** Where they could be read. */
      readonly sopInstanceUID?: string;
      readonly sopClassUID?: string;
    };
