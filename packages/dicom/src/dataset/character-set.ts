/**
 * Text in any Specific Character Set (0008,0005). Reading never throws: bytes that mean nothing in the declared set
 * become U+FFFD, and undeclared 8-bit text is tried as UTF-8, then read as Latin-1.
 * Source: PS3.3 C.12.1.1.2 (defined terms), PS3.5 6.1.2 and annexes H to K (code extension by ISO 2022).
 */

/** TextDecoder label for each ISO registration number; 6 is ASCII. */
const LABEL_BY_REGISTRATION: Readonly<Record<string, string>> = {
  '100': 'iso-8859-1',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '144': 'iso-8859-5',
  '127': 'iso-8859-6',
  '126': 'iso-8859-7',
  '138': 'iso-8859-8',
  '148': 'windows-1254',
  '203': 'iso-8859-15',
  '13': 'shift_jis',
  '166': 'windows-874',
  '192': 'utf-8',
  '87': 'iso-2022-jp-0208',
  '159': 'iso-2022-jp-0212',
  '149': 'euc-kr',
  '58': 'gb18030',
};

/** ISO 2022 escape sequences after ESC, the code element they set and the set they select. */
const ESCAPES: readonly (readonly [sequence: string, element: 'G0' | 'G1', label: string])[] = [
  ['(B', 'G0', 'ascii'],
  ['(J', 'G0', 'ascii'],
  [')I', 'G1', 'shift_jis'],
  ['$B', 'G0', 'iso-2022-jp-0208'],
  ['$@', 'G0', 'iso-2022-jp-0208'],
  ['$(D', 'G0', 'iso-2022-jp-0212'],
  ['$)C', 'G1', 'euc-kr'],
  ['$)A', 'G1', 'gb18030'],
  ['-A', 'G1', 'iso-8859-1'],
  ['-B', 'G1', 'iso-8859-2'],
  ['-C', 'G1', 'iso-8859-3'],
  ['-D', 'G1', 'iso-8859-4'],
  ['-F', 'G1', 'iso-8859-7'],
  ['-G', 'G1', 'iso-8859-6'],
  ['-H', 'G1', 'iso-8859-8'],
  ['-L', 'G1', 'iso-8859-5'],
  ['-M', 'G1', 'windows-1254'],
  ['-T', 'G1', 'windows-874'],
  ['-b', 'G1', 'iso-8859-15'],
];

const ESC = 0x1b;
/** CR, LF, FF, `\`, `^`, `=`: after these the initial set of the text holds again (PS3.5 6.1.2.5.3). */
const DELIMITERS = new Set([0x0d, 0x0a, 0x0c, 0x5c, 0x5e, 0x3d]);

/** @param declared values of Specific Character Set, as read; the first may be blank */
export function decodeText(bytes: Uint8Array, declared: readonly string[]): string {
  if (isPlainAscii(bytes)) return ascii(bytes);
  const labels = declared.map(labelOf);
  if (bytes.includes(ESC) && !labels.includes('utf-8')) return decodeIso2022(bytes, labels[0]);
  const first = labels.find((label) => label !== undefined && label !== 'ascii');
  if (first === undefined || first.startsWith('iso-2022-jp')) return decodeUndeclared(bytes);
  return decodeAs(first, bytes);
}

function labelOf(term: string): string | undefined {
  const name = term.trim().toUpperCase();
  if (name === '') return undefined;
  if (name === 'GB18030') return 'gb18030';
  if (name === 'GBK' || name === 'ISO 2022 GBK') return 'gbk';
  if (name.replace(/[^A-Z0-9]/gu, '') === 'UTF8') return 'utf-8';
  const registration = /^ISO[ _-]?(?:2022[ _-])?IR[ _-]?(\d+)$/u.exec(name)?.[1];
  if (registration !== undefined) return LABEL_BY_REGISTRATION[registration] ?? 'ascii';
  const part = /^(?:ISO[ _-]?)?8859-(\d+)$/u.exec(name)?.[1];
  return part === undefined ? undefined : `iso-8859-${part}`;
}

function isPlainAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80 && byte !== ESC);
}

/** For short texts, a decoder takes longer to call than to decode. */
function ascii(bytes: Uint8Array): string {
  return bytes.length > 128
    ? decodeAs('utf-8', bytes)
    : String.fromCharCode.apply(null, bytes as unknown as number[]);
}

const decoders = new Map<string, TextDecoder>();

function decodeAs(label: string, bytes: Uint8Array): string {
  let decoder = decoders.get(label);
  if (!decoder) {
    try {
      decoder = new TextDecoder(label);
    } catch {
      decoder = new TextDecoder('iso-8859-1');
    }
    decoders.set(label, decoder);
  }
  return decoder.decode(bytes);
}

function decodeUndeclared(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeAs('iso-8859-1', bytes);
  }
}

function decodeIso2022(bytes: Uint8Array, initial: string | undefined): string {
  let text = '';
  let lower = 'ascii';
  let upper = initial ?? 'ascii';
  let start = 0;
  const flush = (end: number) => {
    if (end > start) text += decodeRun(bytes.subarray(start, end), lower, upper);
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === ESC) {
      flush(at);
      const escape = ESCAPES.find(([sequence]) => startsWith(bytes, at + 1, sequence));
      if (escape?.[1] === 'G0') lower = escape[2];
      if (escape?.[1] === 'G1') upper = escape[2];
      at += escape?.[0].length ?? 0;
      start = at + 1;
    } else if (lower === 'ascii' && DELIMITERS.has(byte)) {
      flush(at);
      start = at;
      if (initial !== undefined) upper = initial;
    } else if (lower !== 'ascii' && (byte === 0x0a || byte === 0x0d)) {
      flush(at);
      start = at;
      lower = 'ascii';
    }
  }
  flush(bytes.length);
  return text;
}

function startsWith(bytes: Uint8Array, at: number, sequence: string): boolean {
  for (let index = 0; index < sequence.length; index++)
    if (bytes[at + index] !== sequence.charCodeAt(index)) return false;
  return true;
}

/** One run between escapes: `lower` rules bytes below 0x80, `upper` those above. */
function decodeRun(run: Uint8Array, lower: string, upper: string): string {
  if (lower === 'iso-2022-jp-0208') return decodeAs(
    'euc-jp',
    run.map((byte) => (byte > 0x20 ? byte | 0x80 : byte)),
  ); // prettier-ignore
  if (lower === 'iso-2022-jp-0212') return decodeAs('euc-jp', threeByteEucJp(run));
  if (upper === 'ascii' || upper.startsWith('iso-2022-jp')) return decodeUndeclared(run);
  return decodeAs(upper, run);
}

/** JIS X 0212 pairs as EUC-JP code set 3: 0x8F before each pair. */
function threeByteEucJp(run: Uint8Array): Uint8Array {
  const encoded: number[] = [];
  for (let at = 0; at < run.length;) {
    const byte = run[at] ?? 0;
    if (byte > 0x20) {
      encoded.push(0x8f, byte | 0x80, (run[at + 1] ?? 0x21) | 0x80);
      at += 2;
    } else {
      encoded.push(byte);
      at += 1;
    }
  }
  return Uint8Array.from(encoded);
}
