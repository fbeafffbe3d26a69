import dicomParser from 'dicom-parser';
import { Inflate } from 'fflate';
import { InputRefused } from '@myelon/diffusion';
import type { DicomJsonDataset } from './dicom-json';
import { convertElements, declaredCharacterSet, PIXEL_TAGS, tagOf } from './parsed-elements';
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
  let dataset: DicomJsonDataset | undefined;
  const { littleEndian } = syntax;
  return {
    get dataset() {
      dataset ??= convertElements(
        parsed,
        { bytes: parsed.byteArray, littleEndian, characterSet: declaredCharacterSet(parsed), depth: 0 },
        (found) => !isFileMeta(found),
      );
      return dataset;
    },
    get fileMeta() {
      const source = { bytes, littleEndian: true, characterSet: [], depth: 0 };
      return convertElements(parsed, source, isFileMeta);
    },
    transferSyntax: syntax,
    ...(pixels ? { pixelData: pixelDataOf(pixels, parsed.byteArray, name) } : {}),
  };
}

function isFileMeta(found: dicomParser.Element): boolean {
  return found.tag.startsWith('x0002');
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
