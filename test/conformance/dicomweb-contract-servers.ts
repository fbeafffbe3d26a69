import Fastify from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerArchive, type ArchiveHandle, type ArchiveOptions } from '@myelon/platform-config/archive';
import type { Need } from '../support/needs';
import { needsOrthanc, startOrthanc } from '../support/orthanc';

export interface RunningServer {
  /** DICOMweb root, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a STOW-RS request is answered. */
export interface StoreAnswer {
  readonly status: number;
  /** Failure Reasons (0008,1197) of the failed instances. */
  readonly reasons?: readonly number[];
  /** How many instances the answer lists as stored. */
  readonly listed?: number;
}

/** Where the servers differ. Everything the suite does not take from here must be the same on both. */
export interface Differences {
  /** A SOP Instance UID that is stored already, with other content. */
  readonly changedContent: StoreAnswer;
  /** Whether the new content was ignored although the answer calls it stored. */
  readonly pretendsToStore: boolean;
  readonly garbage: StoreAnswer;
  readonly goodAndGarbage: StoreAnswer;
  readonly truncatedFile: StoreAnswer;
  readonly truncatedBody: StoreAnswer;
  readonly lineFeedsOnly: StoreAnswer;
  readonly emptyBody: StoreAnswer;
  /** Modalities in Study as a list with backslashes, as some viewers send it. */
  readonly backslashLists: boolean;
  /** Person names of other scripts can be searched by wildcard. */
  readonly ideographicWildcards: boolean;
  /** A series attribute in a search for studies selects studies. */
  readonly keysBelowLevel: boolean;
  /** `Accept: application/dicom` and `application/octet-stream` without multipart. */
  readonly singlePart: number;
  /** Status for a frame beyond the last. */
  readonly frameBeyondLast: number;
  /** Items without attributes stay in metadata, so that item numbers stay what they are. */
  readonly emptyItems: boolean;
  /** Status for XML metadata. */
  readonly xmlMetadata: number;
  /** Status for frames of segmentations whose rows are no whole bytes, and of float pixel data. */
  readonly oddFrames: number;
  /** Status for frames of big endian and deflated files, asked for as stored. */
  readonly unusualEncodings: number;
  /** Compressed frames, asked for as plain octets: decoded by one, refused by the other. */
  readonly compressedAsOctets: number;
  /** Metadata say ISO_IR 192 as their character set, as they are UTF-8. */
  readonly saysUtf8: boolean;
}

export interface ServerUnderTest {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly start: () => Promise<RunningServer>;
  readonly differences: Differences;
}

/** The embedded archive alone, as a Fastify server on a free port of 127.0.0.1. */
export async function startArchive(
  options: ArchiveOptions,
): Promise<RunningServer & { readonly archive: ArchiveHandle }> {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  const archive = await registerArchive(server, { ...options, prefix: '/dicom-web' });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/dicom-web`,
    archive,
    stop: async () => {
      await server.close();
      await archive.close();
    },
  };
}

async function startTemporaryArchive(): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'myelon-archive-'));
  const { url, stop } = await startArchive({ folder });
  return {
    url,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const embeddedArchive: ServerUnderTest = {
  name: 'embedded archive',
  needs: [],
  start: startTemporaryArchive,
  differences: {
    changedContent: { status: 409, reasons: [0x0111] },
    pretendsToStore: false,
    garbage: { status: 409, reasons: [0xc000] },
    goodAndGarbage: { status: 202, reasons: [0xc000], listed: 1 },
    truncatedFile: { status: 409, reasons: [0xc000] },
    truncatedBody: { status: 400 },
    lineFeedsOnly: { status: 400 },
    emptyBody: { status: 400 },
    backslashLists: true,
    ideographicWildcards: true,
    keysBelowLevel: true,
    singlePart: 200,
    frameBeyondLast: 404,
    emptyItems: true,
    xmlMetadata: 406,
    oddFrames: 200,
    unusualEncodings: 200,
    compressedAsOctets: 406,
    saysUtf8: true,
  },
};

/** Orthanc 1.10.1 with its DICOMweb plugin 1.7. */
export const orthanc: ServerUnderTest = {
  name: 'Orthanc',
  needs: [needsOrthanc()],
  start: async () => {
    const { dicomWebUrl, stop } = await startOrthanc();
    return { url: dicomWebUrl, stop };
  },
  differences: {
    changedContent: { status: 200, listed: 1 },
    pretendsToStore: true,
    garbage: { status: 400 },
    goodAndGarbage: { status: 400, listed: 1 },
    truncatedFile: { status: 400 },
    truncatedBody: { status: 200 },
    lineFeedsOnly: { status: 200 },
    emptyBody: { status: 200 },
    backslashLists: false,
    ideographicWildcards: false,
    keysBelowLevel: false,
    singlePart: 400,
    frameBeyondLast: 400,
    emptyItems: false,
    xmlMetadata: 200,
    oddFrames: 400,
    unusualEncodings: 500,
    compressedAsOctets: 200,
    saysUtf8: false,
  },
};
