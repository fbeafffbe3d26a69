import { binary, items, numbers, string, strings, values } from './access';
import { binaryValues, isBinaryNumberVr } from './binary-values';
import type { DicomJsonDataset } from './dicom-json';
import { elementFromBytes } from './element-values';
import { itemsFromBytes, tagsWhere } from './lazy-dataset';
import { Tag } from './tags';

/** A private element by its owner (PS3.5 7.8.1): the block it sits in is found by the creator's name. */
export interface PrivateElement {
  /** Group, 4 hexadecimal digits: "0019". */
  readonly group: string;
  readonly creator: string;
  /** Last two hexadecimal digits of the element number: "0C". */
  readonly element: string;
  /** Value Representation, for when it was lost on the way (implicit VR, UN). */
  readonly vr: string;
  /** Start of Manufacturer for which block 10 is assumed when the creator element was stripped. */
  readonly manufacturer: RegExp;
}

const STRIPPED_BLOCK = '10';

/** Who owns which block: group, two digits of the block, creator in upper case. */
interface PrivateBlock {
  readonly group: string;
  readonly block: string;
  readonly creator: string;
}

/** Odd group, element 0010 to 00FF. */
function isCreator(tag: number): boolean {
  return (tag & 0x1ff00) === 0x10000 && (tag & 0xff) >= 0x10;
}

const blocksOf = new WeakMap<DicomJsonDataset, readonly PrivateBlock[]>();

const NO_BLOCKS: readonly PrivateBlock[] = [];

function privateBlocks(dataset: DicomJsonDataset): readonly PrivateBlock[] {
  let blocks = blocksOf.get(dataset);
  if (!blocks) {
    const creators = tagsWhere(dataset, isCreator);
    // Most items of functional groups have none; remembering that for each takes longer than looking again.
    if (creators.length === 0) return NO_BLOCKS;
    blocks = creators.sort().map((tag) => ({
      group: tag.slice(0, 4),
      block: tag.slice(6),
      creator: (string(dataset, tag) ?? '').toUpperCase(),
    }));
    blocksOf.set(dataset, blocks);
  }
  return blocks;
}

/** Tag of the element in this data set, or undefined when it is not there. */
export function privateTag(dataset: DicomJsonDataset, wanted: PrivateElement): string | undefined {
  const { group, element, manufacturer } = wanted;
  const creator = wanted.creator.toUpperCase();
  let owned = false;
  for (const found of privateBlocks(dataset)) {
    if (found.group !== group || found.creator === '') continue;
    owned = true;
    const tag = group + found.block + element;
    if (found.creator === creator && tag in dataset) return tag;
  }
  const assumed = group + STRIPPED_BLOCK + element;
  if (owned || !(assumed in dataset)) return undefined;
  return manufacturer.test(string(dataset, Tag.Manufacturer) ?? '') ? assumed : undefined;
}

/** Numbers of a private element whatever form it arrived in; empty when absent. */
export function privateNumbers(dataset: DicomJsonDataset, wanted: PrivateElement): number[] {
  const tag = privateTag(dataset, wanted);
  if (tag === undefined) return [];
  if (values(dataset, tag).length > 0) return numbers(dataset, tag);
  const bytes = binary(dataset, tag);
  if (!bytes) return [];
  if (isBinaryNumberVr(wanted.vr)) return binaryValues(wanted.vr, bytes, true).map(Number);
  const decoded = { [tag]: elementFromBytes(wanted.vr, bytes, true, []) };
  return numbers(decoded, tag);
}

export function privateNumber(dataset: DicomJsonDataset, wanted: PrivateElement): number | undefined {
  const first = privateNumbers(dataset, wanted)[0];
  return first !== undefined && Number.isFinite(first) ? first : undefined;
}

/** First text of a private element whatever form it arrived in. */
export function privateString(dataset: DicomJsonDataset, wanted: PrivateElement): string | undefined {
  const tag = privateTag(dataset, wanted);
  if (tag === undefined) return undefined;
  if (values(dataset, tag).length > 0) return strings(dataset, tag)[0];
  const bytes = binary(dataset, tag);
  return bytes && string({ [tag]: elementFromBytes(wanted.vr, bytes, true, []) }, tag);
}

export function privateBytes(dataset: DicomJsonDataset, wanted: PrivateElement): Uint8Array | undefined {
  const tag = privateTag(dataset, wanted);
  return tag === undefined ? undefined : binary(dataset, tag);
}

/** Items of a private sequence, also when it arrived as bytes. */
export function privateItems(dataset: DicomJsonDataset, wanted: PrivateElement): readonly DicomJsonDataset[] {
  const tag = privateTag(dataset, wanted);
  if (tag === undefined) return [];
  const found = items(dataset, tag);
  if (found.length > 0) return found;
  const bytes = binary(dataset, tag);
  return (bytes && itemsFromBytes(bytes)) ?? [];
}
