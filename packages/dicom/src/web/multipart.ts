import { DicomWebError } from './dicom-web-error';

/** One part of a multipart/related body. */
export interface MultipartPart {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const CR = 13;
const LF = 10;
const DASH = 45;

/** Value of a parameter of a media type (`boundary`, `transfer-syntax`), with or without quotes. */
export function mediaTypeParameter(mediaType: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'iu').exec(mediaType);
  return found?.[1] ?? found?.[2];
}

/**
 * Splits a multipart/related body (RFC 2387, RFC 2046 5.1).
 * @param contentType of the response; when it names no boundary, the first line of the body does
 * @throws DicomWebError when the body is cut off before its closing delimiter
 */
export function parseMultipart(body: Uint8Array, contentType: string, url: string): MultipartPart[] {
  const boundary = mediaTypeParameter(contentType, 'boundary') ?? boundaryInBody(body);
  if (boundary === undefined) throw unintelligible('no multipart boundary', url);
  const delimiter = new TextEncoder().encode(`--${boundary}`);
  const parts: MultipartPart[] = [];
  let at = findDelimiter(body, delimiter, 0);
  if (at < 0) throw unintelligible('multipart boundary not found in the answer', url);
  for (;;) {
    const start = at + delimiter.length;
    if (body[start] === DASH && body[start + 1] === DASH) return parts;
    const next = findDelimiter(body, delimiter, start);
    if (next < 0) throw unintelligible('the answer was cut off', url);
    parts.push(parsePart(body.subarray(start, endOfPart(body, next)), url));
    at = next;
  }
}

function boundaryInBody(body: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 200));
  return /^\s*--([^\r\n]{1,70}?)[ \t]*\r?\n/u.exec(head)?.[1];
}

/** A delimiter stands at the start of a line. */
function findDelimiter(body: Uint8Array, delimiter: Uint8Array, from: number): number {
  for (let at = body.indexOf(DASH, from); at >= 0; at = body.indexOf(DASH, at + 1)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    if (delimiter.every((byte, index) => body[at + index] === byte)) return at;
  }
  return -1;
}

/** The line break before a delimiter belongs to the delimiter. */
function endOfPart(body: Uint8Array, delimiterAt: number): number {
  return delimiterAt - (body[delimiterAt - 2] === CR ? 2 : 1);
}

function parsePart(part: Uint8Array, url: string): MultipartPart {
  const headers: Record<string, string> = {};
  let at = endOfLine(part, 0);
  for (;;) {
    const end = endOfLine(part, at);
    if (end < 0) throw unintelligible('a part without end of headers', url);
    const line = new TextDecoder('latin1').decode(part.subarray(at, end)).trim();
    at = end;
    if (line === '') return { headers, body: part.subarray(at) };
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

/** Position after the next line feed. */
function endOfLine(bytes: Uint8Array, from: number): number {
  const at = from < 0 ? -1 : bytes.indexOf(LF, from);
  return at < 0 ? -1 : at + 1;
}

function unintelligible(what: string, url: string): DicomWebError {
  return new DicomWebError('unintelligible', what, url);
}

/** A multipart/related body with one DICOM object, as STOW-RS takes it, and its Content-Type. */
export function multipartWithOneInstance(bytes: Uint8Array): {
  body: Uint8Array<ArrayBuffer>;
  contentType: string;
} {
  const boundary = `myelon-${crypto.randomUUID()}`;
  const head = new TextEncoder().encode(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`);
  const body = new Uint8Array(head.length + bytes.length + tail.length);
  body.set(head, 0);
  body.set(bytes, head.length);
  body.set(tail, head.length + bytes.length);
  return { body, contentType: `multipart/related; type="application/dicom"; boundary=${boundary}` };
}
