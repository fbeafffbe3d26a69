import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { guardSources } from '../access/guard-sources';
import { credentialsOf, type SourceCredentials } from '../access/source-credentials';
import type { ArchiveHandle } from '../archive';
import { AuditLog } from '../audit/audit-log';
import { auditRequests } from '../audit/audit-requests';
import type { Plugins } from '../plugins/prepare-plugins';
import { appConfigScript, dicomWebPath } from '../site/app-config';
import { SCORE_MODEL_PATH, scoreModelInForce } from '../site/score-model';
import type { SiteConfiguration, SiteSource } from '../site/schema';
import { makePage } from '../viewer/page';
import type { Viewer } from '../viewer/prepare-viewer';
import { checkHost } from './host-check';
import { limitStores } from './limit-stores';
import { registerProxy } from './proxy';
import { decodeWorkerPolicy, pagePolicy, securityHeaders } from './security-headers';
import { registerSiteRoutes } from './site-routes';
import { fileInMemory, type StaticFile } from './static-file';
import { serveStaticFiles } from './static-files';

export interface ServerParts {
  readonly site: SiteConfiguration;
  readonly viewer: Viewer;
  readonly plugins: Plugins;
  /** Folder of the embedded archive. */
  readonly archiveFolder: string;
  /** Folder of the audit records, for a site that keeps them. */
  readonly auditFolder: string;
  /** Address the server is going to listen on. */
  readonly host: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface SiteServer {
  readonly server: FastifyInstance;
  /** The embedded archive, when the site has it. It is closed with the server. */
  readonly archive: ArchiveHandle | null;
}

/** Viewer, plugins and DICOMweb of a site on one origin. Not listening yet. */
export async function createServer(parts: ServerParts): Promise<SiteServer> {
  const server = fastify({ logger: false, forceCloseConnections: true, trustProxy: 'loopback' });
  const page = makePage(parts.viewer.indexHtml, { title: parts.site.name, styles: parts.plugins.styles });
  const policy = pagePolicy({
    scriptHashes: page.scriptHashes,
    ...(parts.site.login ? { loginAuthority: parts.site.login.authority } : {}),
  });
  checkHost(server, parts.site.hosts, parts.host);
  addHeaders(server, policy);
  const log = await openAuditLog(parts);
  guardSources(server, parts.site, log !== null);
  if (log) auditRequests(server, log);
  const credentials = new Map(
    parts.site.sources.map((source) => [source, credentialsOf(source, parts.environment)] as const),
  );
  await limitStores(server, parts.site.limits.storesPerMinute);
  registerSiteRoutes(server, credentials, log);
  const archive = await addSources(server, parts, credentials);
  const files = await allFiles(parts);
  serveStaticFiles(server, files, await fileInMemory('/index.html', page.html, { caching: 'never' }));
  return { server, archive };
}

/** The audit records of a site that keeps them, with the start of this server as the newest. */
async function openAuditLog({ site, auditFolder }: ServerParts): Promise<AuditLog | null> {
  if (!(site.audit ?? site.login !== undefined)) return null;
  const log = await AuditLog.open(auditFolder, site.name);
  const configuration = createHash('sha256').update(JSON.stringify(site)).digest('hex');
  const description = `site configuration with SHA-256 ${configuration}`;
  await log.append({ action: 'start', outcome: 0, description, person: null, address: 'this server' });
  return log;
}

async function addSources(
  server: FastifyInstance,
  parts: ServerParts,
  credentials: ReadonlyMap<SiteSource, SourceCredentials>,
): Promise<ArchiveHandle | null> {
  let archive: ArchiveHandle | null = null;
  for (const [source, own] of credentials) {
    if (source.url === 'embedded') {
      // Sites with a PACS of their own never load the code of the archive.
      const { registerArchive } = await import('../archive');
      const opened = await registerArchive(server, {
        folder: parts.archiveFolder,
        prefix: dicomWebPath(source.name),
      });
      server.addHook('onClose', () => opened.close());
      archive = opened;
    } else {
      await registerProxy(server, source, own);
    }
  }
  return archive;
}

function addHeaders(server: FastifyInstance, policy: string): void {
  server.addHook('onSend', async (request, reply) => {
    await Promise.resolve();
    reply.headers(securityHeaders);
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', policy);
    if (request.url.startsWith('/dicom-web/') && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
  });
}

/** The viewer's files with ours over them. */
async function allFiles(parts: ServerParts): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map([...parts.viewer.files, ...parts.plugins.files]);
  files.delete('/index.html');
  for (const path of parts.viewer.decodeWorkers) {
    const worker = parts.viewer.files.get(path);
    if (worker) files.set(path, { ...worker, contentSecurityPolicy: decodeWorkerPolicy() });
  }
  const own: [string, string][] = [
    ['/boot.js', await readOwn('boot.mjs')],
    ['/init-service-worker.js', await readOwn('retire-service-workers.mjs')],
    ['/silent-refresh.html', await readOwn('silent-refresh.html')],
    ['/silent-refresh.js', await readOwn('silent-refresh.mjs')],
  ];
  for (const [path, text] of own) files.set(path, await fileInMemory(path, text, { caching: 'revalidate' }));
  const model = await scoreModelInForce(parts.site);
  if (model !== null)
    files.set(SCORE_MODEL_PATH, await fileInMemory(SCORE_MODEL_PATH, model, { caching: 'never' }));
  files.set(
    '/app-config.js',
    await fileInMemory('/app-config.js', appConfigScript(parts.site), { caching: 'never' }),
  );
  return files;
}

function readOwn(name: string): Promise<string> {
  return readFile(new URL(`../viewer/${name}`, import.meta.url), 'utf8');
}
