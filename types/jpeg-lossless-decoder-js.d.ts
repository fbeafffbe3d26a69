/** The part of jpeg-lossless-decoder-js that Myelon uses; the package ships no types. */
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      bytesPerValue: number,
    ): Uint8Array | Uint16Array;
  }
}
