/**
 * One data set in the DICOM JSON Model (PS3.18 Annex F): eight hexadecimal digits, upper case, to an element.
 * It is what WADO-RS metadata gives and what a Part 10 file becomes after parsing, so every reader here takes it.
 */
export type DicomJsonDataset = Readonly<Record<string, DicomJsonElement>>;

export interface DicomJsonElement {
  readonly vr: string;
  /** Values; sequences hold data sets, PN objects `{Alphabetic, Ideographic, Phonetic}`. */
  readonly Value?: readonly unknown[];
  /** Base64. */
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}
