/** TrueType, OpenType or WOFF files the report is set in. */
export interface ReportFonts {
  /** Covers Latin, Greek, Cyrillic, signs of units. */
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
  /**
   * A font that has a character the regular one lacks (an ideograph in a name); null when there is none. Then the
   * report leaves that spelling of the name out and says so.
   */
  readonly fontFor: (character: string) => Promise<Uint8Array | null>;
}
