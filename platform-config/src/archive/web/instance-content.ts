import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { fileSource, type ByteSource } from '../part10/byte-source';
import type { Element, Elements } from '../part10/data-set-reader';
import { effectiveVr, littleEndian, toDicomJson } from '../part10/dicom-json';
import { isVideo } from '../part10/integrity';
import { transferSyntaxes, type Part10File } from '../part10/part10-file';
import { encapsulatedFrames, imageGeometry, readNativeFrame, type ByteRange } from '../part10/pixel-data';
import { instanceUrl } from '../query/level-datasets';
import type { InstanceEntry } from '../storage/archive-index';
import { withFile, type ArchiveStore } from '../storage/archive-store';
import { encapsulatedMediaType } from './media-types';
import type { Part } from './multipart-response';

const chunkBytes = 256 * 1024;
const layoutsKept = 2000;
const metadataKeptCharacters = 32 * 1024 * 1024;

/** Where the frames of an instance lie. */
export interface FrameLayout {
  readonly count: number;
  readonly mediaType: string;
  readonly transferSyntaxUID: string;
  /** Ranges in the file of each frame; undefined where a frame is not a run of whole bytes as they are stored. */
  readonly ranges: readonly (readonly ByteRange[])[] | undefined;
}

/** A binary value: its parts, and how to label them. */
export interface BulkData {
  readonly parts: readonly Part[];
}

function partOfBytes(contentType: string, bytes: Uint8Array): Part {
  return {
    contentType,
    size: bytes.length,
    async *content() {
      yield await Promise.resolve(bytes);
    },
  };
}

async function* readRanges(source: ByteSource, ranges: readonly ByteRange[]): AsyncGenerator<Uint8Array> {
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += chunkBytes) {
      yield await source.read(offset + done, Math.min(chunkBytes, length - done));
    }
  }
}

const sizeOf = (ranges: readonly ByteRange[]) => ranges.reduce((sum, { length }) => sum + length, 0);

/** Reads stored instances: as files, as JSON, frame by frame. Files never change once stored. */
export class InstanceContent {
  private readonly layouts = new LRUCache<string, FrameLayout>({ max: layoutsKept });

  /** Metadata by address of the instance: a viewer asks for the same several times. */
  private readonly texts = new LRUCache<string, string>({
    maxSize: metadataKeptCharacters,
    sizeCalculation: (text) => text.length + 1,
  });

  constructor(
    private readonly store: ArchiveStore,
    private readonly inlineLimit: number,
  ) {}

  pathOf(instance: InstanceEntry): string {
    return this.store.folder.pathOf(instance);
  }

  /** The Part 10 file as it was stored. */
  async file(instance: InstanceEntry): Promise<Part> {
    const path = this.pathOf(instance);
    const { size } = await stat(path);
    const contentType = `application/dicom; transfer-syntax=${instance.transferSyntaxUID}`;
    return { contentType, size, content: () => createReadStream(path, { highWaterMark: chunkBytes }) };
  }

  /** The data set as DICOM JSON text. */
  async metadata(instance: InstanceEntry, root: string): Promise<string> {
    const address = instanceUrl(instance, root);
    const known = this.texts.get(address);
    if (known !== undefined) return known;
    const text = await withFile(this.pathOf(instance), ({ part10 }) => {
      const bulkDataUri = (path: string) => `${address}/bulkdata/${path}`;
      const dataset = toDicomJson(part10, { bulkDataUri, inlineLimit: this.inlineLimit });
      const transferSyntax = { vr: 'UI', Value: [instance.transferSyntaxUID] };
      return Promise.resolve(JSON.stringify({ ...dataset, '00083002': transferSyntax }));
    });
    this.texts.set(address, text);
    return text;
  }

  /** @returns undefined when the instance has no frames that could be told apart */
  async frameLayout(instance: InstanceEntry): Promise<FrameLayout | undefined> {
    const known = this.layouts.get(instance.sopInstanceUID);
    if (known) return known;
    const layout = await withFile(this.pathOf(instance), ({ part10 }) => layoutOf(part10));
    if (layout) this.layouts.set(instance.sopInstanceUID, layout);
    return layout;
  }

  /** @param frames numbers from 1, all of which exist */
  async frames(instance: InstanceEntry, layout: FrameLayout, frames: readonly number[]): Promise<Part[]> {
    const contentType = `${layout.mediaType}; transfer-syntax=${layout.transferSyntaxUID}`;
    const { ranges } = layout;
    if (!ranges) {
      const bytes = await withFile(this.pathOf(instance), ({ part10 }) => convertedFrames(part10, frames));
      return bytes.map((frame) => partOfBytes(contentType, frame));
    }
    const path = this.pathOf(instance);
    return frames.map((number) => {
      const ofFrame = ranges[number - 1] ?? [];
      return { contentType, size: sizeOf(ofFrame), content: () => readFile(path, ofFrame) };
    });
  }

  /**
   * A binary value by its path (`7FE00010`, `00081140/1/00291010`).
   *
   * @returns undefined when there is no such value
   */
  bulkData(instance: InstanceEntry, path: string): Promise<readonly Part[] | undefined> {
    const file = this.pathOf(instance);
    return withFile(file, async ({ part10 }) => {
      const { pixelData } = part10;
      if (pixelData && path === pixelData.tag) {
        if (pixelData.length === undefined) return this.encapsulatedBulkData(instance, file, part10);
        const range = { offset: pixelData.offset, length: pixelData.length };
        return [await bulkPart(file, part10, range, pixelData.vr)];
      }
      const element = elementAt(part10.elements, path.split('/'));
      if (!element || element.items) return undefined;
      return [await bulkPart(file, part10, element, effectiveVr(element, false))];
    });
  }

  private async encapsulatedBulkData(
    instance: InstanceEntry,
    file: string,
    part10: Part10File,
  ): Promise<Part[]> {
    const { pixelData } = part10;
    if (!pixelData) return [];
    const frames = isVideo(part10.transferSyntaxUID)
      ? [(await encapsulatedFrames(part10, pixelData)).flat()]
      : await encapsulatedFrames(part10, pixelData);
    const type = encapsulatedMediaType(part10.transferSyntaxUID);
    const contentType = `${type}; transfer-syntax=${instance.transferSyntaxUID}`;
    return frames.map((ranges) => ({
      contentType,
      size: sizeOf(ranges),
      content: () => readFile(file, ranges),
    }));
  }
}

async function* readFile(path: string, ranges: readonly ByteRange[]): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    yield* readRanges(fileSource(handle, 0), ranges);
  } finally {
    await handle.close();
  }
}

/** Whether bytes of the data set stand in the file as a client gets them. */
function isAsStored(file: Part10File): boolean {
  return !file.encoding.bigEndian && file.transferSyntaxUID !== transferSyntaxes.deflated;
}

async function layoutOf(file: Part10File): Promise<FrameLayout | undefined> {
  const { pixelData, transferSyntaxUID } = file;
  const geometry = imageGeometry(file);
  if (!pixelData || !geometry) return undefined;
  if (pixelData.length === undefined) {
    if (isVideo(transferSyntaxUID)) return undefined;
    const ranges = await encapsulatedFrames(file, pixelData);
    return {
      count: ranges.length,
      mediaType: encapsulatedMediaType(transferSyntaxUID),
      transferSyntaxUID,
      ranges,
    };
  }
  const bytesPerFrame = geometry.bitsPerFrame / 8;
  const ranges =
    Number.isInteger(bytesPerFrame) && isAsStored(file)
      ? Array.from({ length: geometry.frames }, (_, index) => [
          { offset: pixelData.offset + index * bytesPerFrame, length: bytesPerFrame },
        ])
      : undefined;
  return {
    count: geometry.frames,
    mediaType: 'application/octet-stream',
    // Frames leave without their data set, so its VR encoding and byte order are no matter any more.
    transferSyntaxUID: transferSyntaxes.explicitLittleEndian,
    ranges,
  };
}

/** Frames that have to be cut at bits, swapped or inflated. */
async function convertedFrames(file: Part10File, frames: readonly number[]): Promise<Buffer[]> {
  const { pixelData } = file;
  const geometry = imageGeometry(file);
  if (pixelData?.length === undefined || !geometry) return [];
  const { bitsPerFrame, bitsAllocated } = geometry;
  const isSwapped = file.encoding.bigEndian;
  const result: Buffer[] = [];
  for (const number of frames) {
    const bytes = await readNativeFrame(file.source, pixelData.offset, bitsPerFrame, number - 1);
    const unit = bitsAllocated > 16 ? bitsAllocated / 8 : undefined;
    result.push(littleEndian(bytes, pixelData.vr, isSwapped, unit));
  }
  return result;
}

async function bulkPart(path: string, file: Part10File, range: ByteRange, vr: string): Promise<Part> {
  const contentType = 'application/octet-stream';
  if (isAsStored(file)) {
    return { contentType, size: range.length, content: () => readFile(path, [range]) };
  }
  const bytes = await file.source.read(range.offset, range.length);
  return partOfBytes(contentType, littleEndian(bytes, vr, file.encoding.bigEndian));
}

function elementAt(elements: Elements, path: readonly string[]): Element | undefined {
  const [tag = '', item, ...rest] = path;
  const element = elements.get(tag);
  if (item === undefined) return element;
  const inside = element?.items?.[Number(item) - 1];
  return inside && rest.length > 0 ? elementAt(inside, rest) : undefined;
}
