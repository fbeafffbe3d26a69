import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DicomJsonDataset } from '@myelon/dicom';
import { search, type SearchScope } from '../query/search';
import { BadQuery, searchParameters, type SearchParameters } from '../query/search-parameters';
import type { Level } from '../storage/attribute-levels';
import { refuse, rootOf, type ArchiveService, type UidParams } from './archive-service';
import type { InstanceContent } from './instance-content';
import { jsonStream } from './json-stream';
import { jsonType } from './media-types';

const routes: readonly (readonly [string, Level])[] = [
  ['/studies', 'study'],
  ['/series', 'series'],
  ['/instances', 'instance'],
  ['/studies/:study/series', 'series'],
  ['/studies/:study/instances', 'instance'],
  ['/studies/:study/series/:series/instances', 'instance'],
];

function queryOf(request: FastifyRequest): URLSearchParams {
  const at = request.raw.url?.indexOf('?') ?? -1;
  return new URLSearchParams(at < 0 ? '' : request.raw.url?.slice(at + 1));
}

function warning({ ignored }: SearchParameters): string | undefined {
  if (ignored.length === 0) return undefined;
  const names = ignored.join(', ').replace(/[^ -~]|["\\]/g, '?');
  return `299 - "not supported and ignored: ${names}"`;
}

async function* texts(datasets: AsyncIterable<DicomJsonDataset>): AsyncGenerator<string> {
  for await (const dataset of datasets) yield JSON.stringify(dataset);
}

/** QIDO-RS (PS3.18 section 10.6). A study that is not there has no series: 200 and an empty list. */
export function registerSearch(
  fastify: FastifyInstance,
  service: ArchiveService,
  content: InstanceContent,
): void {
  const answer = async (scope: SearchScope, request: FastifyRequest, reply: FastifyReply) => {
    const type = jsonType(request.headers.accept);
    if (type === undefined) return refuse(reply, 406, 'Searches are answered as application/dicom+json.');
    let parameters: SearchParameters;
    try {
      parameters = searchParameters(queryOf(request));
    } catch (error) {
      if (error instanceof BadQuery) return refuse(reply, 400, `${error.message}.`);
      throw error;
    }
    const root = rootOf(request, service);
    const found = search(scope, parameters, {
      index: service.store.index,
      root,
      datasetOf: async (instance) => JSON.parse(await content.metadata(instance, root)) as DicomJsonDataset,
    });
    const ignored = warning(parameters);
    if (ignored !== undefined) reply.header('warning', ignored);
    return reply.type(type).send(await jsonStream(texts(found)));
  };
  for (const [path, level] of routes) {
    fastify.get<{ Params: UidParams }>(path, (request, reply) => {
      const { study, series } = request.params;
      const scope: SearchScope = {
        level,
        ...(study !== undefined && { studyInstanceUID: study }),
        ...(series !== undefined && { seriesInstanceUID: series }),
      };
      return answer(scope, request, reply);
    });
  }
}
