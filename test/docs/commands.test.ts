import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { startViewer } from '../support/viewer';
import { parseSite } from '@myelon/platform-config';

const repository = resolve(__dirname, '../..');
const pages = ['README.md', 'docs/installation.md', 'docs/site-configuration.md', 'docs/architecture.md'];

interface Block {
  page: string;
  language: string;
  text: string;
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(repository, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, body]) => ({
    page,
    language: language!,
    text: body!,
  }));
}

const blocks = pages.flatMap(blocksOf);
const commands = [
  ...new Set(
    blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n')),
  ),
];
const starts = commands.filter((command) => /npm (start|run site)\b/.test(command));
/** `npm test` is what runs this; packing takes long and is run by test/conformance/packages.test.ts. */
const runElsewhere = [
  'npm test',
  'npm pack -w @myelon/extension-cervical-myelopathy -w @myelon/mode-cervical-myelopathy',
];
const lines = commands.filter((command) => command.startsWith('npx myelon'));

describe('the documentation', () => {
  test('holds no command that this test does not know how to run', () => {
    const rest = commands.filter((command) => ![...starts, ...lines].includes(command));
    expect(rest.sort()).toEqual(runElsewhere.sort());
    expect(starts.length).toBeGreaterThan(3);
  });

  test.each(starts)(
    '%s starts the viewer',
    async (command) => {
      const { options, environment } = readStart(command);
      const viewer = await startViewer({ ...options, environment });
      const answer = await fetch(viewer.url);
      expect(await answer.text()).toContain('<div id="root">');
      expect(await viewer.stop()).toBe(0);
    },
    300_000,
  );

  test.each(lines)(
    '%s works',
    (command) => {
      const { status, stdout } = spawnSync('npx', ['--no-install', ...command.split(' ').slice(1)], {
        cwd: repository,
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      for (const name of ['gradients', 'fit', 'segment', 'analyze']) expect(stdout).toContain(name);
    },
    60_000,
  );

  test('site configurations in it are valid', () => {
    const sites = blocks.filter(({ language, text }) => language === 'json' && text.includes('"sources"'));
    expect(sites.length).toBeGreaterThan(0);
    for (const { page, text } of sites) expect(parseSite(JSON.parse(text), page).sources).not.toEqual([]);
  });

  test('the table of keys is what the schema is', () => {
    const script = join('platform-config', 'src', 'site', 'write-reference.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, '--check'], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, 60_000);

  test.each(pages)('links of %s lead somewhere', (page) => {
    const text = readFileSync(join(repository, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
    const local = targets.filter((target) => !target.startsWith('https://'));
    expect(targets.length).toBeGreaterThan(0);
    for (const target of local) {
      expect({ target, exists: existsSync(join(repository, dirname(page), target)) }).toEqual({
        target,
        exists: true,
      });
    }
  });
});

/** Port and data folder are the test's own; everything else is as written. */
function readStart(written: string): {
  options: { pacs?: string; site?: string };
  environment: Record<string, string>;
} {
  // `npm run site -- FILE` is `npm start` with a site and no demo study.
  const command = written.replace('npm run site --', 'npm start -- --no-demo --site');
  const environment: Record<string, string> = {};
  for (const [, name, value] of command.matchAll(/(\w+)="([^"]*)"/g)) environment[name!] = value!;
  const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)?.[1];
  const [pacs, site] = [option('pacs'), option('site')];
  const known = command
    .replace(/^(\w+="[^"]*" )*npm start( --)?/, '')
    .replace(/ --(pacs|site|port) \S+| --no-demo/g, '');
  if (known !== '') throw new Error(`unknown options in: ${command}`);
  return {
    options: { ...(pacs === undefined ? {} : { pacs }), ...(site === undefined ? {} : { site }) },
    environment,
  };
}
