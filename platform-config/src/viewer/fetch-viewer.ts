import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pacote from 'pacote';
import { ForPeople } from '../for-people';
import { leftOut, viewerPackage } from './package';

/** Downloads the pinned viewer, checks its hash and unpacks it. The site is then in `<folder>/dist`. */
export async function fetchViewer(folder: string): Promise<void> {
  const spec = `${viewerPackage.name}@${viewerPackage.version}`;
  const settings = await npmSettings();
  try {
    await pacote.extract(spec, folder, { ...settings, integrity: viewerPackage.integrity });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ForPeople(
      `The viewer ${spec} could not be fetched: ${why}\nIt comes from the npm registry ` +
        `(${settings.registry ?? 'default'}); check the network and the proxy settings of npm, then start again.`,
    );
  }
  await Promise.all(leftOut.map((name) => rm(join(folder, 'dist', name), { recursive: true, force: true })));
}

interface NpmSettings {
  registry?: string;
  cache?: string;
  proxy?: string;
  httpsProxy?: string;
  noProxy?: string;
  strictSSL?: boolean;
  ca?: string;
}

/** What npm itself uses on this computer; defaults when npm cannot be asked. */
async function npmSettings(): Promise<NpmSettings> {
  try {
    const { stdout } = await runNpm(['config', 'list', '--json']);
    const npm = JSON.parse(stdout) as Record<string, unknown>;
    const text = (key: string) => (typeof npm[key] === 'string' && npm[key] !== '' ? npm[key] : undefined);
    const settings: NpmSettings = {};
    const registry = text('@ohif:registry') ?? text('registry');
    if (registry !== undefined) settings.registry = registry;
    const cache = text('cache');
    if (cache !== undefined) settings.cache = join(cache, '_cacache');
    const proxy = text('proxy');
    if (proxy !== undefined) settings.proxy = proxy;
    const httpsProxy = text('https-proxy');
    if (httpsProxy !== undefined) settings.httpsProxy = httpsProxy;
    const noProxy = text('noproxy');
    if (noProxy !== undefined) settings.noProxy = noProxy;
    const ca = text('ca');
    if (ca !== undefined) settings.ca = ca;
    if (typeof npm['strict-ssl'] === 'boolean') settings.strictSSL = npm['strict-ssl'];
    return settings;
  } catch {
    return {};
  }
}

function runNpm(args: string[]): Promise<{ stdout: string }> {
  const npm = process.env['npm_execpath'];
  const run = promisify(execFile);
  return npm?.endsWith('js')
    ? run(process.execPath, [npm, ...args])
    : run('npm', args, { shell: process.platform === 'win32' });
}
