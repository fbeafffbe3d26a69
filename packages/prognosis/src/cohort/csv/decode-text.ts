import { InputRefused } from '@myelon/diffusion';

/**
 * Text of a file as spreadsheets save it: UTF-8 with or without a byte order mark, UTF-16 with one (Excel's "Unicode
 * text"), else Windows-1252.
 * @throws InputRefused for a spreadsheet that is not text
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  const [b0, b1] = bytes;
  if (b0 === 0x50 && b1 === 0x4b) throw notText('a spreadsheet file (.xlsx, .ods)', where);
  if (b0 === 0xd0 && b1 === 0xcf) throw notText('an old spreadsheet file (.xls)', where);
  if (b0 === 0xff && b1 === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (b0 === 0xfe && b1 === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) throw notText('not text', where);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function notText(what: string, where: string): InputRefused {
  return new InputRefused(what, where, 'save it as CSV (UTF-8) and give that file');
}
