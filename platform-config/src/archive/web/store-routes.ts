import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { StagedFile } from '../storage/archive-folder';
import { failureReasons, type StoreOutcome } from '../storage/store-outcome';
import { refuse, rootOf, type ArchiveService, type UidParams } from './archive-service';
import { jsonType, relatedContent } from './media-types';
import { BodyTooLarge, MalformedBody, readMultipart, type RequestPart } from './multipart-request';
import { storeResponse, storeStatus, storeWarning } from './store-response';

const partTypes = ['', 'application/dicom', 'application/octet-stream'];

type Received = StagedFile | Extract<StoreOutcome, { status: 'failed' }>;

function isStaged(received: Received): received is StagedFile {
  return 'path' in received;
}

async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) void chunk;
}

/** Receives the parts to disk. Only a body that ended properly is worth looking at. */
function receive(service: ArchiveService, body: Readable, boundary: string): Promise<Received[]> {
  const { store, maxUploadBytes } = service;
  const receivePart = async ({ contentType, content }: RequestPart): Promise<Received> => {
    const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
    if (partTypes.includes(type)) return store.stage(content);
    await drain(content);
    const message = `a part is ${type}, not application/dicom`;
    return { status: 'failed', reason: failureReasons.cannotUnderstand, message };
  };
  const discard = async (received: Received) => {
    if (isStaged(received)) await store.folder.discard(received);
  };
  return readMultipart(body, boundary, maxUploadBytes, receivePart, discard);
}

async function commit(
  service: ArchiveService,
  received: readonly Received[],
  studyInstanceUID: string | undefined,
): Promise<StoreOutcome[]> {
  const staged = received.filter(isStaged);
  try {
    const committed = await service.store.commit(staged, studyInstanceUID);
    const outcomes = new Map(staged.map((file, index) => [file, committed[index]]));
    return received.flatMap((one) => (isStaged(one) ? (outcomes.get(one) ?? []) : [one]));
  } catch (error) {
    await Promise.all(staged.map((file) => service.store.folder.discard(file)));
    throw error;
  }
}

function refuseStore(reply: FastifyReply, error: unknown): FastifyReply {
  // The rest of the body is not read, so the connection cannot be used again.
  reply.header('connection', 'close');
  if (error instanceof MalformedBody)
    return refuse(reply, 400, `The multipart body is damaged: ${error.message}.`);
  if (error instanceof BodyTooLarge)
    return refuse(reply, 413, `Send fewer instances at a time: ${error.message}.`);
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
    return refuse(reply, 507, 'The disk of the archive is full.');
  throw error;
}

/** STOW-RS (PS3.18 section 10.5). Nothing is called stored before it is on the disk. */
export function registerStore(fastify: FastifyInstance, service: ArchiveService): void {
  const store = async (request: FastifyRequest<{ Params: UidParams }>, reply: FastifyReply) => {
    const type = jsonType(request.headers.accept);
    if (type === undefined) return refuse(reply, 406, 'Storing is answered as application/dicom+json.');
    const related = relatedContent(request.headers['content-type']);
    if (!related || !['', 'application/dicom'].includes(related.partType)) {
      return refuse(reply, 415, 'Send multipart/related; type="application/dicom"; boundary=...');
    }
    let outcomes: StoreOutcome[];
    try {
      const received = await receive(service, request.body as Readable, related.boundary);
      outcomes = await commit(service, received, request.params.study);
    } catch (error) {
      return refuseStore(reply, error);
    }
    const warning = storeWarning(outcomes);
    if (warning !== undefined) reply.header('warning', warning);
    const body = storeResponse(outcomes, rootOf(request, service));
    return reply.code(storeStatus(outcomes)).type(type).send(JSON.stringify(body));
  };
  fastify.post('/studies', store);
  fastify.post('/studies/:study', store);
}
