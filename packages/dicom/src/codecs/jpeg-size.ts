import { InputRefused } from '@myelon/diffusion';
import type { PixelFormat } from '../dataset/pixel-format';

/** Start-of-frame markers: SOF0 to SOF15 without DHT, JPG, DAC, and SOF55 of JPEG-LS. */
const START_OF_FRAME = new Set([
  0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xf7,
]);

/**
 * Refuses a JPEG or JPEG-LS stream whose frame header is not what the DICOM header says, before a decoder gives memory
 * for it. Source: ITU-T T.81 annex B, T.87 annex C.
 */
export function checkJpegSize(bytes: Uint8Array, format: PixelFormat, name: string): void {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (START_OF_FRAME.has(marker)) {
      const rows = ((bytes[at + 5] ?? 0) << 8) | (bytes[at + 6] ?? 0);
      const columns = ((bytes[at + 7] ?? 0) << 8) | (bytes[at + 8] ?? 0);
      const components = bytes[at + 9] ?? 0;
      checkFrameInfo({ rows, columns, components }, format, name);
      return;
    }
    at += marker === 0xff ? 1 : 2 + length;
  }
  throw new InputRefused('the compressed stream has no frame header', name, 'fetch the image again');
}

/** The same for a JPEG 2000 codestream. Source: ITU-T T.800 annex A.5.1 (SIZ). */
export function checkJpeg2000Size(bytes: Uint8Array, format: PixelFormat, name: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 42 || view.getUint32(0) !== SOC_AND_SIZ)
    throw new InputRefused('the compressed stream has no frame header', name, 'fetch the image again');
  const columns = view.getUint32(8) - view.getUint32(16);
  const rows = view.getUint32(12) - view.getUint32(20);
  checkFrameInfo({ rows, columns, components: view.getUint16(40) }, format, name);
}

const SOC_AND_SIZ = 0xff4fff51;

/** @throws InputRefused when a compressed stream has another size than the DICOM header */
export function checkFrameInfo(
  info: { readonly rows: number; readonly columns: number; readonly components: number },
  format: PixelFormat,
  name: string,
): void {
  if (info.rows === format.rows && info.columns === format.columns && info.components === 1) return;
  throw new InputRefused(
    `the compressed stream is ${String(info.columns)} x ${String(info.rows)} with ${String(info.components)} ` +
      `components, the header says ${String(format.columns)} x ${String(format.rows)}`,
    name,
    'fetch the image again',
  );
}
