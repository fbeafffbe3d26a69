import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sortedInstances, sortedSeries, type InstanceEntry } from '../storage/archive-index';
import { refuse, rootOf, type ArchiveService, type UidParams } from './archive-service';
import type { FrameLayout, InstanceContent } from './instance-content';
import { jsonStream } from './json-stream';
import { acceptedTypes, covers, jsonType, type AcceptedType } from './media-types';
import { sendMultipart, sendSingle, type Part } from './multipart-response';

const metadataAtOnce = 8;
const octets = 'application/octet-stream';

type UidRequest = FastifyRequest<{ Params: UidParams & { readonly '*'?: string } }>;

/** What the path names, in reading order; empty when it is not there. */
function instancesOf({ store }: ArchiveService, { study, series, instance }: UidParams): InstanceEntry[] {
  const entry = store.index.studies.get(study ?? '');
  if (!entry) return [];
  const within =
    series === undefined ? sortedSeries(entry) : [entry.series.get(series)].filter((one) => !!one);
  if (instance === undefined) return within.flatMap(sortedInstances);
  return within.flatMap((one) => one.instances.get(instance) ?? []);
}

function notFound(reply: FastifyReply, { study, series, instance }: UidParams): FastifyReply {
  const named = instance ? `instance ${instance}` : series ? `series ${series}` : `study ${study ?? ''}`;
  return refuse(reply, 404, `This archive does not hold ${named} at this address.`);
}

async function* metadataOf(
  instances: readonly InstanceEntry[],
  content: InstanceContent,
  root: string,
): AsyncGenerator<string> {
  for (let at = 0; at < instances.length; at += metadataAtOnce) {
    const batch = instances.slice(at, at + metadataAtOnce);
    yield* await Promise.all(batch.map((instance) => content.metadata(instance, root)));
  }
}

/** Part 10 files as stored: no transcoding, so another transfer syntax cannot be had. */
function acceptedFile(
  accept: string | undefined,
  instances: readonly InstanceEntry[],
): AcceptedType | undefined {
  return acceptedTypes(accept).find(
    ({ type, transferSyntax = '*', isMultipart }) =>
      covers(type, 'application/dicom') &&
      (isMultipart || type === '*/*' || instances.length === 1) &&
      (transferSyntax === '*' || instances.every((one) => one.transferSyntaxUID === transferSyntax)),
  );
}

/**
 * The alternative that takes frames as they are stored. Plain octets without a transfer syntax mean uncompressed
 * pixels (PS3.18 section 8.7.3.3.2): compressed ones are not given out under that name.
 */
function acceptedFrames(accept: string | undefined, layout: FrameLayout): AcceptedType | undefined {
  const isNative = layout.mediaType === octets;
  return acceptedTypes(accept).find(({ type, transferSyntax }) => {
    if (
      transferSyntax !== undefined &&
      transferSyntax !== '*' &&
      transferSyntax !== layout.transferSyntaxUID
    ) {
      return false;
    }
    return covers(type, layout.mediaType) || (!isNative && type === octets && transferSyntax !== undefined);
  });
}

function send(
  reply: FastifyReply,
  accepted: AcceptedType,
  type: string,
  parts: readonly Part[],
): FastifyReply {
  const [only] = parts;
  // Anything goes (*/*) means the usual form, which is multipart.
  const isSingle = !accepted.isMultipart && accepted.type !== '*/*' && parts.length === 1;
  return isSingle && only ? sendSingle(reply, only) : sendMultipart(reply, type, parts);
}

/** `1,3,2` as numbers within 1..count, or what is wrong with it. */
function frameNumbers(list: string, count: number): number[] | string {
  const numbers = list.split(',').map((text) => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN));
  if (numbers.some((number) => !(number >= 1)))
    return `"${list}" is not a list of frame numbers, which count from 1.`;
  const beyond = numbers.find((number) => number > count);
  return beyond === undefined ? numbers : `The instance has ${count} frames; there is no frame ${beyond}.`;
}

/** WADO-RS (PS3.18 section 10.4). */
export function registerRetrieve(
  fastify: FastifyInstance,
  service: ArchiveService,
  content: InstanceContent,
): void {
  const files = async (request: UidRequest, reply: FastifyReply) => {
    const instances = instancesOf(service, request.params);
    if (instances.length === 0) return notFound(reply, request.params);
    const accepted = acceptedFile(request.headers.accept, instances);
    if (!accepted) {
      const stored = [...new Set(instances.map((one) => one.transferSyntaxUID))].join(', ');
      return refuse(reply, 406, `Available as application/dicom in the stored transfer syntax: ${stored}.`);
    }
    const parts = await Promise.all(instances.map((instance) => content.file(instance)));
    return send(reply, accepted, 'application/dicom', parts);
  };

  const metadata = async (request: UidRequest, reply: FastifyReply) => {
    const instances = instancesOf(service, request.params);
    if (instances.length === 0) return notFound(reply, request.params);
    const type = jsonType(request.headers.accept);
    if (type === undefined) return refuse(reply, 406, 'Metadata are available as application/dicom+json.');
    return reply.type(type).send(await jsonStream(metadataOf(instances, content, rootOf(request, service))));
  };

  const frames = async (request: UidRequest, reply: FastifyReply) => {
    const [instance] = instancesOf(service, request.params);
    if (!instance) return notFound(reply, request.params);
    const layout = await content.frameLayout(instance);
    if (!layout) return refuse(reply, 404, 'The instance has no frames to be had one by one.');
    const numbers = frameNumbers(request.params['*'] ?? '', layout.count);
    if (typeof numbers === 'string') return refuse(reply, numbers.startsWith('"') ? 400 : 404, numbers);
    const accepted = acceptedFrames(request.headers.accept, layout);
    if (!accepted) {
      const offer = `${layout.mediaType}; transfer-syntax=${layout.transferSyntaxUID}`;
      return refuse(reply, 406, `Frames of this instance are available as stored: ${offer}.`);
    }
    return send(reply, accepted, layout.mediaType, await content.frames(instance, layout, numbers));
  };

  const bulkData = async (request: UidRequest, reply: FastifyReply) => {
    const [instance] = instancesOf(service, request.params);
    if (!instance) return notFound(reply, request.params);
    const path = (request.params['*'] ?? '').toUpperCase();
    const parts = await content.bulkData(instance, path);
    const type = parts?.[0]?.contentType.split(';')[0] ?? octets;
    if (!parts) return refuse(reply, 404, `The instance has no binary value at ${path}.`);
    const accepted = acceptedTypes(request.headers.accept).find(
      (one) => covers(one.type, type) || one.type === octets,
    );
    if (!accepted) return refuse(reply, 406, `Available as ${type}.`);
    return send(reply, accepted, type, parts);
  };

  const study = '/studies/:study';
  const series = `${study}/series/:series`;
  const instance = `${series}/instances/:instance`;
  for (const path of [study, series, instance]) {
    fastify.get(path, files);
    fastify.get(`${path}/metadata`, metadata);
  }
  fastify.get(`${instance}/frames/*`, frames);
  fastify.get(`${instance}/bulkdata/*`, bulkData);
}
