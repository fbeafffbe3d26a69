import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServer, fileInMemory, parseSite, prepareViewer, type Plugins } from '@myelon/platform-config';

const workFolder = resolve(__dirname, '../../.myelon');

/** Stand-ins for our plugins, by file name (`extension.js`). They are served as they are. */
export type PluginTexts = Readonly<Record<string, string>>;

export interface SiteServer {
  /** Origin, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The smallest extension and mode the viewer starts with: our data source is the viewer's own DICOMweb source. For
 * tests of the server that must not depend on what our plugins do.
 */
export const smallestPlugins: PluginTexts = {
  'extension.js': `
    const dicomWeb = '@ohif/extension-default.dataSourcesModule.dicomweb';
    export default {
      id: '@myelon/extension-cervical-myelopathy',
      getDataSourcesModule: () => [{
        name: 'myelon-dicomweb',
        type: 'webApi',
        createDataSource: (configuration, services, extensions) =>
          extensions.getModuleEntry(dicomWeb).createDataSource(configuration, services, extensions),
      }],
    };`,
  'mode.js': `
    export default {
      id: '@myelon/mode-cervical-myelopathy',
      modeFactory: async ({ loadModules }) => {
        const [basic] = await loadModules(['@ohif/mode-basic']);
        return { ...basic.modeInstance, id: '@myelon/mode-cervical-myelopathy', routeName: 'cervical-myelopathy',
          displayName: 'Stand-in mode' };
      },
    };`,
};

/** Serves a site in this process, with the prepared viewer. */
export async function startSite(
  site: Record<string, unknown>,
  options: {
    plugins?: PluginTexts;
    environment?: Record<string, string>;
    archiveFolder?: string;
    auditFolder?: string;
  } = {},
): Promise<SiteServer> {
  const scratch = await mkdtemp(join(tmpdir(), 'myelon-site-test-'));
  const { server } = await createServer({
    site: parseSite(site, 'test site'),
    viewer: await prepareViewer(workFolder, () => undefined),
    plugins: await pluginsOf(options.plugins ?? smallestPlugins),
    archiveFolder: options.archiveFolder ?? join(scratch, 'data'),
    auditFolder: options.auditFolder ?? join(scratch, 'audit'),
    host: '127.0.0.1',
    environment: options.environment ?? {},
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    stop: async () => {
      await server.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

async function pluginsOf(texts: PluginTexts): Promise<Plugins> {
  const files = await Promise.all(
    Object.entries(texts).map(async ([name, text]) => {
      const path = `/plugins/${name}`;
      return [path, await fileInMemory(path, text)] as const;
    }),
  );
  return { files: new Map(files), styles: [] };
}
