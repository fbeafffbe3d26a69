declare module 'dicom-character-set' {
  /**
   * @param specificCharacterSet values of (0008,0005) joined by backslash
   * @throws Error for unknown character sets and escape sequences
   */
  export function convertBytes(
    specificCharacterSet: string,
    bytes: Uint8Array,
    options?: { readonly vr?: string },
  ): string;
}
