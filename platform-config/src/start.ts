import { createServer as createNetServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ArchiveHandle } from './archive';
import { ForPeople } from './for-people';
import { withLock } from './lock';
import { preparePlugins } from './plugins/prepare-plugins';
import { stopBuilds } from './plugins/run-build';
import { printProgress } from './progress';
import { credentialsOf } from './access/source-credentials';
import { createServer } from './server/create-server';
import { readSite, siteOfPacs } from './site/read-site';
import type { SiteConfiguration } from './site/schema';
import { removeTemporaryFiles } from './temporary';
import { prepareViewer } from './viewer/prepare-viewer';

/** Options of the command line, checked (see launch/options.mjs). */
export interface StartOptions {
  readonly repository: string;
  readonly port: number;
  readonly host: string;
  readonly demo: boolean;
  readonly pacs?: string;
  readonly site?: string;
  readonly data?: string;
}

/** From checked options to a running viewer. Returns when it is up; the process lives until it gets a signal. */
export async function start(options: StartOptions): Promise<void> {
  let server: FastifyInstance | null = null;
  endOnSignal(() => server);
  await refuseTakenPort(options);
  const site = await chooseSite(options);
  // A missing secret is found now, not after minutes of preparing.
  for (const source of site.sources) credentialsOf(source, process.env);
  const work = join(options.repository, '.myelon');
  const [viewer, plugins] = await withLock(join(work, 'preparing.lock'), printProgress, async () => [
    await prepareViewer(work, printProgress),
    await preparePlugins(options.repository, work, printProgress),
  ]);
  const archiveFolder = resolve(options.data ?? join(work, 'data'));
  const made = await createServer({
    site,
    viewer,
    plugins,
    archiveFolder,
    auditFolder: resolve(options.data ?? work, 'audit'),
    host: options.host,
    environment: process.env,
  });
  server = made.server;
  await listen(server, options);
  const address = addressOf(server, options.host);
  if (made.archive) await showArchive(made.archive, archiveFolder, options.demo);
  for (const source of site.sources.filter((candidate) => candidate.url !== 'embedded')) {
    printProgress('pacs', `${source.friendlyName} at ${source.url}`);
  }
  console.log(`\nMyelon is ready: ${address}/\nctrl-c stops it.`);
}

async function showArchive(archive: ArchiveHandle, folder: string, demo: boolean): Promise<void> {
  if (demo) {
    // The phantom is needed at the first start only.
    const { loadDemoStudy } = await import('./demo');
    await loadDemoStudy(archive, folder, printProgress);
  }
  for (const { file, why } of archive.restored.unreadable) {
    printProgress('archive', `cannot read ${file}: ${why}`);
  }
  const { studies, instances } = archive.counts();
  printProgress('archive', `${String(studies)} studies, ${String(instances)} objects in ${folder}`);
}

async function chooseSite(options: StartOptions): Promise<SiteConfiguration> {
  if (options.pacs !== undefined) {
    return siteOfPacs(options.pacs, (process.env['MYELON_PACS_AUTHORIZATION'] ?? '') !== '');
  }
  return readSite(
    resolve(options.site ?? join(options.repository, 'platform-config', 'sites', 'default.json')),
  );
}

/** Found out before minutes of preparing, not after. */
async function refuseTakenPort({ port, host }: StartOptions): Promise<void> {
  if (port === 0) return;
  const probe = createNetServer();
  await new Promise<void>((done, reject) => {
    probe.once('error', (error) => {
      reject(listenFailure(error, port, host));
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        done();
      });
    });
  });
}

async function listen(server: FastifyInstance, { port, host }: StartOptions): Promise<void> {
  try {
    await server.listen({ port, host });
  } catch (error) {
    throw listenFailure(error, port, host);
  }
}

function listenFailure(error: unknown, port: number, host: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') {
    return new ForPeople(
      `Port ${String(port)} is taken, perhaps by a Myelon that is already running (http://${host}:${String(port)}/). ` +
        `Take another one: npm start -- --port ${String(port + 1)}, or --port 0 for any free one.`,
    );
  }
  if (code === 'EACCES') {
    return new ForPeople(
      `Port ${String(port)} is not allowed for this user; take one above 1023 (--port 3000).`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ForPeople(`This computer has no address ${host}; check --host.`);
  }
  return error;
}

function addressOf(server: FastifyInstance, host: string): string {
  const [bound] = server.addresses();
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${String(typeof bound === 'object' ? bound.port : '')}`;
}

function endOnSignal(server: () => FastifyInstance | null): void {
  process.once('exit', () => {
    stopBuilds();
    removeTemporaryFiles();
  });
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // ctrl-c reaches the process twice when npm passes it on.
      if (isEnding) return;
      isEnding = true;
      const running = server();
      if (!running) process.exit(130);
      console.log('\nStopping.');
      void running.close().finally(() => process.exit(0));
    });
  }
}
