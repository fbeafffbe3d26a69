import MIMEType from 'whatwg-mimetype';

/** One alternative of an Accept header. */
export interface AcceptedType {
  /** `application/dicom`, `*`/`*`; for multipart/related the type of its parts. */
  readonly type: string;
  readonly isMultipart: boolean;
  /** Transfer Syntax UID, `*`, or undefined when not said. */
  readonly transferSyntax: string | undefined;
}

/** Splits at commas outside quotes. */
function alternatives(header: string): string[] {
  return header.match(/(?:[^,"]|"(?:\\.|[^"\\])*")+/g) ?? [];
}

/** An Accept header, best first; no header accepts anything (RFC 9110 section 12.5.1). */
export function acceptedTypes(header: string | undefined): AcceptedType[] {
  const parsed = alternatives(header?.trim() || '*/*').flatMap((text) => {
    const mime = MIMEType.parse(text.trim());
    const quality = Number(mime?.parameters.get('q') ?? '1');
    return mime && quality > 0 ? [{ mime, quality }] : [];
  });
  parsed.sort((a, b) => b.quality - a.quality);
  return parsed.map(({ mime }) => {
    const isMultipart = mime.essence === 'multipart/related';
    const transferSyntax = mime.parameters.get('transfer-syntax');
    const type = isMultipart ? (mime.parameters.get('type') ?? '*/*').toLowerCase() : mime.essence;
    return { type, isMultipart, transferSyntax };
  });
}

/** Whether an accepted type (`image/*`, `*`/`*`) covers a concrete one. */
export function covers(accepted: string, concrete: string): boolean {
  if (accepted === '*/*' || accepted === concrete) return true;
  return accepted.endsWith('/*') && concrete.startsWith(accepted.slice(0, -1));
}

export const dicomJson = 'application/dicom+json';

/** Content type for a JSON answer, or undefined when the client takes none. */
export function jsonType(header: string | undefined): string | undefined {
  for (const { type, isMultipart } of acceptedTypes(header)) {
    if (isMultipart) continue;
    if (covers(type, dicomJson)) return dicomJson;
    if (type === 'application/json') return type;
  }
  return undefined;
}

export interface RelatedContent {
  readonly boundary: string;
  /** Type of the parts, empty when not said. */
  readonly partType: string;
}

/** Parameters of a multipart/related Content-Type, or undefined for anything else. */
export function relatedContent(header: string | undefined): RelatedContent | undefined {
  const mime = MIMEType.parse(header ?? '');
  if (mime?.essence !== 'multipart/related') return undefined;
  const boundary = mime.parameters.get('boundary') ?? '';
  // RFC 2046 section 5.1.1: 1 to 70 characters.
  if (boundary.length === 0 || boundary.length > 70) return undefined;
  return { boundary, partType: (mime.parameters.get('type') ?? '').toLowerCase() };
}

const encapsulatedTypes: readonly (readonly [RegExp, string])[] = [
  [/^5$/, 'image/dicom-rle'],
  [/^4\.(50|51|57|70)$/, 'image/jpeg'],
  [/^4\.(80|81)$/, 'image/jls'],
  [/^4\.(90|91)$/, 'image/jp2'],
  [/^4\.(92|93)$/, 'image/jpx'],
  [/^4\.(201|202|203)$/, 'image/jphc'],
  [/^4\.(110|111|112)$/, 'image/jxl'],
  [/^4\.(100|101)(\.1)?$/, 'video/mpeg'],
  [/^4\.10[2-8](\.1)?$/, 'video/mp4'],
];

/** Media type of one frame of encapsulated pixel data (PS3.18 tables 8.7.3-2 to 8.7.3-5). */
export function encapsulatedMediaType(transferSyntaxUID: string): string {
  const dicomPrefix = '1.2.840.10008.1.2.';
  const suffix = transferSyntaxUID.startsWith(dicomPrefix) ? transferSyntaxUID.slice(dicomPrefix.length) : '';
  return encapsulatedTypes.find(([pattern]) => pattern.test(suffix))?.[1] ?? 'application/octet-stream';
}
