import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { ArchiveStore } from '../storage/archive-store';
import type { Counts } from '../storage/archive-index';
import type { RestoreReport } from '../storage/restore-index';
import type { StoreOutcome } from '../storage/store-outcome';
import { refuse, type ArchiveService } from './archive-service';
import { InstanceContent } from './instance-content';
import { registerRetrieve } from './retrieve-routes';
import { registerSearch } from './search-routes';
import { registerStore } from './store-routes';

export interface ArchiveOptions {
  /** Where the files are kept; created when it is not there. One server at a time. */
  readonly folder: string;
  /** Longest STOW-RS body in bytes; 4 GiB by default. */
  readonly maxUploadBytes?: number;
  /** Binary values of metadata longer than this many bytes go by Bulk Data URI; 32 KiB by default. */
  readonly inlineLimit?: number;
}

export interface Archive {
  /** DICOMweb routes, relative to where the plugin is registered (with `prefix`). */
  readonly plugin: FastifyPluginCallback;
  /** Stores one Part 10 file without HTTP; when it says stored, the file is on the disk. */
  storeFile(bytes: Uint8Array): Promise<StoreOutcome>;
  counts(): Counts;
  /** What was found in the folder at the start. */
  readonly restored: RestoreReport;
  /** Waits for what is being stored. Close the server first. */
  close(): Promise<void>;
}

export type ArchiveHandle = Pick<Archive, 'close' | 'storeFile' | 'counts' | 'restored'>;

/** Opens the archive in a folder: the DICOMweb archive of the default installation, for one desk and for trying. */
export async function createArchive(options: ArchiveOptions): Promise<Archive> {
  const store = await ArchiveStore.open(options.folder);
  const { maxUploadBytes = 4 * 1024 ** 3, inlineLimit = 32 * 1024 } = options;
  return {
    plugin: (fastify, _options, done) => {
      registerRoutes(fastify, {
        store,
        prefix: fastify.prefix.replace(/\/$/, ''),
        maxUploadBytes,
        inlineLimit,
      });
      done();
    },
    restored: store.restored,
    counts: () => store.index.counts(),
    close: () => store.close(),
    async storeFile(bytes) {
      const [outcome] = await store.commit([await store.stage([bytes])]);
      if (!outcome) throw new Error('a file was neither stored nor refused');
      return outcome;
    },
  };
}

/** Opens the archive and mounts it under `prefix` (`/dicom-web`). */
export async function registerArchive(
  fastify: FastifyInstance,
  options: ArchiveOptions & { readonly prefix: string },
): Promise<ArchiveHandle> {
  const archive = await createArchive(options);
  await fastify.register(archive.plugin, { prefix: options.prefix });
  return archive;
}

function registerRoutes(fastify: FastifyInstance, service: ArchiveService): void {
  const content = new InstanceContent(service.store, service.inlineLimit);
  // Bodies are streams here, whatever the server around does with them.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });
  registerSearch(fastify, service, content);
  registerRetrieve(fastify, service, content);
  registerStore(fastify, service);
  fastify.route({
    method: ['DELETE', 'PUT', 'PATCH'],
    url: '/studies*',
    handler: (_request, reply) =>
      refuse(reply.header('allow', 'GET, HEAD, POST'), 405, 'This archive only reads and stores.'),
  });
  fastify.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, `No DICOMweb resource at ${request.url}.`),
  );
}
