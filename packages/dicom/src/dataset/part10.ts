import dicomParser from 'dicom-parser';
import { Inflate } from 'fflate';
import { InputRefused } from '@myelon/diffusion';
import { dictionaryVr } from './attribute-dictionary';
import type { DicomJsonDataset, DicomJsonElement } from './dicom-json';
import { elementFromBytes } from './element-values';
import { Tag } from './tags';
import { transferSyntax, type TransferSyntax } from './transfer-syntax';

/** Pixels as they lie in the file: one run of bytes, or fragments of a compressed stream. */
export type EncodedPixelData =
  | { readonly kind: 'native'; readonly bytes: Uint8Array; readonly vr: string }
  | {
      readonly kind: 'encapsulated';
      readonly fragments: readonly Uint8Array[];
      /** Fragment each frame starts with; empty when the file does not say. */
      readonly frameStarts: readonly number[];
    };

export interface Part10File {
  /** The data set as WADO-RS metadata would give it, without group 2 and without pixels; converted when asked for. */
  readonly dataset: DicomJsonDataset;
  /** File Meta Information (group 2). */
  readonly fileMeta: DicomJsonDataset;
  readonly transferSyntax: TransferSyntax;
  readonly pixelData?: EncodedPixelData;
}

/** A deflated data set may grow to this many times its size plus a megabyte; beyond, it is an attack. */
const LARGEST_INFLATION = 200;
const INFLATION_ALLOWANCE_BYTES = 1 << 20;

/** Pixel Data, Float Pixel Data, Double Float Pixel Data. */
const TRAILING_PADDING = 'FFFCFFFC';
const PIXEL_TAGS = new Set(['7FE00010', '7FE00008', '7FE00009']);

/**
 * Reads one DICOM file (PS3.10) in any transfer syntax and character set.
 * @param name what to call the file in a refusal
 * @throws InputRefused when it is no DICOM file, or a declared length runs past its end
 */
export function parsePart10(bytes: Uint8Array, name = 'file'): Part10File {
  const parsed = parseBytes(bytes, name);
  const syntax = transferSyntax(transferSyntaxUid(bytes, parsed));
  let pixels: dicomParser.Element | undefined;
  for (const found of Object.values(parsed.elements)) {
    const source = isFileMeta(found) ? bytes : parsed.byteArray;
    if (found.dataOffset + found.length > source.length) throw truncated(tagOf(found), name);
    if (PIXEL_TAGS.has(tagOf(found))) pixels = found;
  }
  const charset = characterSet(parsed);
  const little = syntax.littleEndian;
  let dataset: DicomJsonDataset | undefined;
  return {
    get dataset() {
      dataset ??= convertAll(parsed, (found) => !isFileMeta(found), {
        bytes: parsed.byteArray,
        little,
        charset,
      });
      return dataset;
    },
    get fileMeta() {
      return convertAll(parsed, isFileMeta, { bytes, little: true, charset: [] });
    },
    transferSyntax: syntax,
    ...(pixels ? { pixelData: pixelDataOf(pixels, parsed.byteArray, name) } : {}),
  };
}

function isFileMeta(found: dicomParser.Element): boolean {
  return found.tag.startsWith('x0002');
}

/** All wanted elements but pixels, group lengths and trailing padding. */
function convertAll(
  parsed: dicomParser.DataSet,
  wanted: (found: dicomParser.Element) => boolean,
  source: Source,
): DicomJsonDataset {
  const converted: Record<string, DicomJsonElement> = {};
  for (const found of Object.values(parsed.elements)) {
    const tag = tagOf(found);
    const left = PIXEL_TAGS.has(tag) || tag.endsWith('0000') || tag === TRAILING_PADDING;
    if (!left && wanted(found)) converted[tag] = convert(found, source);
  }
  return converted;
}

function parseBytes(bytes: Uint8Array, name: string): dicomParser.DataSet {
  if (!hasPrefix(bytes)) throw new InputRefused('not a DICOM file', name, 'give DICOM Part 10 files');
  try {
    return dicomParser.parseDicom(bytes, {
      inflater: (whole: Uint8Array, position: number) => inflate(whole.subarray(position), name),
    });
  } catch (problem) {
    if (problem instanceof InputRefused) throw problem;
    throw new InputRefused(`damaged DICOM file (${messageOf(problem)})`, name, 'fetch the file again');
  }
}

/** `DICM` after a preamble of 128 bytes. */
function hasPrefix(bytes: Uint8Array): boolean {
  return bytes.length > 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

function messageOf(problem: unknown): string {
  if (problem instanceof Error) return problem.message;
  if (typeof problem === 'string') return problem;
  const inner = (problem as { exception?: unknown } | null)?.exception;
  return inner === undefined ? 'unreadable' : messageOf(inner);
}

function inflate(deflated: Uint8Array, name: string): Uint8Array {
  const limit = INFLATION_ALLOWANCE_BYTES + deflated.length * LARGEST_INFLATION;
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length > limit) throw new InputRefused('deflated data grows without end', name, 'fetch it again');
    parts.push(part);
  });
  for (let start = 0; start < deflated.length; start += 1 << 16) {
    const end = Math.min(start + (1 << 16), deflated.length);
    stream.push(deflated.subarray(start, end), end === deflated.length);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function transferSyntaxUid(bytes: Uint8Array, parsed: dicomParser.DataSet): string {
  const found = parsed.elements['x00020010'];
  if (!found) return '';
  const text = bytes.subarray(found.dataOffset, found.dataOffset + found.length);
  return String.fromCharCode(...text).replace(/[\s\0]+/gu, '');
}

function characterSet(parsed: dicomParser.DataSet): readonly string[] {
  const found = parsed.elements['x00080005'];
  if (!found || found.length > 512) return [];
  const text = parsed.byteArray.subarray(found.dataOffset, found.dataOffset + found.length);
  return String.fromCharCode(...text).split('\\');
}

interface Source {
  readonly bytes: Uint8Array;
  readonly little: boolean;
  readonly charset: readonly string[];
}

function convert(found: dicomParser.Element, source: Source): DicomJsonElement {
  const tag = tagOf(found);
  if (found.items) {
    const itemSets = found.items.map((item) => convertItem(item, source));
    return itemSets.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: itemSets };
  }
  const declared = found.vr ?? 'UN';
  const vr = declared === 'UN' ? dictionaryVr(tag) : declared;
  if (vr === 'SQ') return { vr };
  const bytes = source.bytes.subarray(found.dataOffset, found.dataOffset + found.length);
  // UN is little endian in every transfer syntax (PS3.5 6.2.2 note 2).
  return elementFromBytes(vr, bytes, source.little || declared === 'UN', source.charset);
}

function convertItem(item: dicomParser.Element, source: Source): DicomJsonDataset {
  if (!item.dataSet) return {};
  const own = characterSet(item.dataSet);
  return convertAll(item.dataSet, () => true, own.length > 0 ? { ...source, charset: own } : source);
}

/** dicom-parser writes tags as "x0018 9087" without the space, in lower case. */
function tagOf(found: dicomParser.Element): string {
  return found.tag.slice(1).toUpperCase();
}

function pixelDataOf(found: dicomParser.Element, bytes: Uint8Array, name: string): EncodedPixelData {
  if (!found.encapsulatedPixelData)
    return {
      kind: 'native',
      vr: found.vr ?? 'OW',
      bytes: bytes.subarray(found.dataOffset, found.dataOffset + found.length),
    };
  const fragments = found.fragments ?? [];
  const whole = fragments.map((fragment) => {
    if (fragment.position + fragment.length > bytes.length) throw truncated(Tag.PixelData, name);
    return bytes.subarray(fragment.position, fragment.position + fragment.length);
  });
  const frameStarts = (found.basicOffsetTable ?? []).map((offset) =>
    fragments.findIndex((fragment) => fragment.offset === offset),
  );
  return {
    kind: 'encapsulated',
    fragments: whole,
    frameStarts: frameStarts.every((start) => start >= 0) ? frameStarts : [],
  };
}

function truncated(tag: string, name: string): InputRefused {
  return new InputRefused(
    `the file ends inside element ${tag.slice(0, 4)},${tag.slice(4)}`,
    name,
    'it was cut off: fetch it again',
  );
}
