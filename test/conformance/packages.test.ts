import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import webpack, { type StatsCompilation } from 'webpack';

const repository = resolve(__dirname, '../..');
const extension = '@myelon/extension-cervical-myelopathy';
const mode = '@myelon/mode-cervical-myelopathy';

interface Manifest {
  name: string;
  main: string;
  keywords: string[];
  dependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** A site's own OHIF: our packages as npm installs them, React beside them, nothing else of this repository. */
let site: string;

const folderOf = (name: string) => join(site, 'node_modules', name);
const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as Manifest;

describe('the packages for an OHIF of ones own', () => {
  beforeAll(() => {
    site = mkdtempSync(join(tmpdir(), 'myelon-own-ohif-'));
    const packed = execFileSync(
      'npm',
      ['pack', '-w', extension, '-w', mode, '--json', '--pack-destination', site],
      { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const files = [...packed.matchAll(/"filename": "([^"]+)"/g)].map(([, name]) => name!);
    for (const name of [extension, mode]) {
      const file = files.find((candidate) => candidate.startsWith(name.replace('@', '').replace('/', '-')))!;
      mkdirSync(folderOf(name), { recursive: true });
      execFileSync('tar', ['xzf', join(site, file), '-C', folderOf(name), '--strip-components=1']);
    }
  }, 300_000);
  afterAll(() => {
    rmSync(site, { recursive: true, force: true });
  });

  test.each([
    [extension, 'ohif-extension'],
    [mode, 'ohif-mode'],
  ])('%s is found by OHIF and holds what it names', (name, keyword) => {
    const manifest = manifestOf(name);
    expect(manifest.keywords).toContain(keyword);
    expect(existsSync(join(folderOf(name), manifest.main))).toBe(true);
    // Rooms of this repository are not on a registry: they must be inside.
    const wanted = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect(
      Object.keys(wanted).filter((other) => other.startsWith('@myelon/') && other !== extension),
    ).toEqual([]);
    expect(
      Object.keys(manifest.dependencies ?? {}).filter((other) => /^(react|@ohif|@cornerstonejs)/.test(other)),
    ).toEqual([]);
  });

  test.each([extension, mode])('%s imports only what it carries or asks its host for', (name) => {
    const manifest = manifestOf(name);
    const allowed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const foreign = importsOf(join(folderOf(name), 'dist')).filter(
      (imported) => !allowed.some((peer) => imported === peer || imported.startsWith(`${peer}/`)),
    );
    expect(foreign).toEqual([]);
  });

  test("a site's webpack bundles both, with the worker as a file of its own", async () => {
    writeFileSync(join(site, 'package.json'), '{ "name": "own-ohif", "private": true }');
    const entry = join(site, 'viewer.js');
    writeFileSync(
      entry,
      `import extension from '${extension}';\nimport mode from '${mode}';\nglobalThis.plugins = [extension.id, mode.id];\n`,
    );
    const stats = await bundle(entry);
    expect(stats.errors?.map((error) => error.message)).toEqual([]);
    const names = stats.assets!.map((asset) => asset.name);
    const output = join(site, 'dist');
    const withWorkerCode = names.filter(
      (name) =>
        name !== 'main.js' &&
        /onmessage|addEventListener\("message"/.test(readFileSync(join(output, name), 'utf8')),
    );
    expect(withWorkerCode.length).toBeGreaterThan(0);
  }, 180_000);
});

/** Modules named in import statements and dynamic imports of packed files, without relative ones. */
function importsOf(folder: string): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const code = readFileSync(join(folder, name), 'utf8');
    // Minified: import{a as b}from"x", import"x", import("x").
    for (const [, module] of code.matchAll(/(?:\bfrom|\bimport\s*\(?)\s*"((?:@[\w.-]+\/)?[\w-][\w./-]*)"/g)) {
      found.add(module!);
    }
  }
  return [...found].filter((name) => !builtinModules.includes(name)).sort();
}

/** As a site does it: its own React (here ours), OHIF itself not part of the bundle. */
function bundle(entry: string): Promise<StatsCompilation> {
  const compiler = webpack({
    mode: 'production',
    devtool: false,
    target: ['web', 'es2022'],
    context: dirname(entry),
    entry,
    output: { path: join(site, 'dist'), filename: 'main.js', chunkFilename: '[name].js' },
    resolve: {
      alias: {
        react: join(repository, 'node_modules/react'),
        'react-dom': join(repository, 'node_modules/react-dom'),
        // What the packages name as dependencies, npm puts beside them.
        ...Object.fromEntries(
          [extension, mode].flatMap((name) =>
            Object.keys(manifestOf(name).dependencies ?? {})
              .filter((other) => other !== extension)
              .map((other) => [other, join(repository, 'node_modules', other)]),
          ),
        ),
      },
    },
    externals: [/^@ohif\//],
    optimization: { minimize: false },
    performance: false,
  });
  return new Promise((done, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error) reject(error);
        else done(stats!.toJson({ all: false, assets: true, errors: true }));
      });
    });
  });
}
