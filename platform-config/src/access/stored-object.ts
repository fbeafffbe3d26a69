import { Readable } from 'node:stream';
import { memorySource } from '../archive/part10/byte-source';
import { pickDicomJson } from '../archive/part10/dicom-json';
import { openPart10, uidOf } from '../archive/part10/part10-file';
import { relatedContent } from '../archive/web/media-types';
import { MalformedBody, readMultipart } from '../archive/web/multipart-request';

const verificationFlag = '0040A493';
const verifyingObservers = '0040A073';
const verifyingObserverName = '0040A075';

/** What has to be known of an object before it may be stored. */
export interface StoredObject {
  readonly studyInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  /** Verification Flag (0040,A493) is VERIFIED: storing it is signing it. */
  readonly isVerified: boolean;
  /** Person Names of the Verifying Observer Sequence. */
  readonly verifyingObservers: readonly string[];
}

/**
 * The objects of a store request (STOW-RS, PS3.18 section 10.5).
 *
 * @throws MalformedBody where the body is not multipart, or a part is not DICOM
 */
export async function storedObjects(body: Buffer, contentType: string | undefined): Promise<StoredObject[]> {
  const related = relatedContent(contentType);
  if (!related || !['', 'application/dicom'].includes(related.partType)) {
    throw new MalformedBody('it is not multipart/related; type="application/dicom"');
  }
  const bytes = Readable.from([body]);
  const parts = await readMultipart(bytes, related.boundary, body.length, collect, () => Promise.resolve());
  return Promise.all(parts.map(objectOf));
}

async function collect(part: { content: AsyncIterable<Uint8Array> }): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function objectOf(bytes: Buffer): Promise<StoredObject> {
  try {
    const file = await openPart10(memorySource(bytes));
    const found = pickDicomJson(file, [verificationFlag, verifyingObservers]);
    const uid = (tag: string) => uidOf(file.header, file.elements, tag);
    return {
      studyInstanceUID: uid('0020000D'),
      sopInstanceUID: uid('00080018'),
      sopClassUID: uid('00080016'),
      isVerified: String(found[verificationFlag]?.Value?.[0] ?? '').trim() === 'VERIFIED',
      verifyingObservers: (found[verifyingObservers]?.Value ?? []).map(observerName),
    };
  } catch (error) {
    throw new MalformedBody(`a part is not a DICOM file (${error instanceof Error ? error.message : ''})`);
  }
}

function observerName(item: unknown): string {
  const element = (item as Record<string, { Value?: unknown[] }>)[verifyingObserverName];
  const name = element?.Value?.[0];
  if (typeof name === 'string') return name;
  return (name as { Alphabetic?: string } | undefined)?.Alphabetic ?? '';
}
