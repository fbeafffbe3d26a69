/** The parts of dcmjs that Myelon uses; the package ships no types. */
declare module 'dcmjs' {
  export interface DcmjsElement {
    vr: string;
    Value?: unknown[];
    InlineBinary?: string;
    BulkDataURI?: string;
  }

  export interface DcmjsDictionaryEntry {
    /** "(0008,0018)". */
    readonly tag: string;
    readonly vr: string;
    readonly vm: string;
    /** Keyword. */
    readonly name: string;
  }

  export class DicomDict {
    constructor(meta: Record<string, DcmjsElement>);
    /** Eight hexadecimal digits to an element. */
    dict: Record<string, DcmjsElement>;
    meta: Record<string, DcmjsElement>;
    write(options?: { allowInvalidVRLength?: boolean; fragmentMultiframe?: boolean }): ArrayBuffer;
  }

  export const data: {
    readonly DicomDict: typeof DicomDict;
    readonly DicomMessage: {
      readFile(
        buffer: ArrayBuffer,
        options?: {
          ignoreErrors?: boolean;
          untilTag?: string | null;
          includeUntilTagValue?: boolean;
          noCopy?: boolean;
        },
      ): DicomDict;
    };
    /** A naturalized data set as a file: keywords to tags, `_meta` to group 2. */
    datasetToDict(dataset: unknown): DicomDict;
    readonly DicomMetaDictionary: {
      readonly nameMap: Readonly<Record<string, DcmjsDictionaryEntry>>;
      readonly dictionary: Readonly<Record<string, DcmjsDictionaryEntry>>;
      /** Keywords as names; private elements keep their hexadecimal tag. Single values without their list. */
      naturalizeDataset(dataset: Readonly<Record<string, unknown>>): Record<string, unknown>;
    };
  };

  export const log: { setLevel(level: string | number): void };

  const dcmjs: { readonly data: typeof data; readonly log: typeof log };
  export default dcmjs;
}
