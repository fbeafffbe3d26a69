import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { siteReference } from './reference';

/**
 * Renews the table of keys in docs/site-configuration.md: `npx tsx platform-config/src/site/write-reference.ts`.
 * With `--check` nothing is written; exit code 1 says that the table is not what the schema is.
 */
const page = fileURLToPath(new URL('../../../docs/site-configuration.md', import.meta.url));
const between = /<!-- keys -->[\s\S]*?<!-- \/keys -->/;

const text = await readFile(page, 'utf8');
if (!between.test(text)) throw new Error(`${page} has no <!-- keys --> ... <!-- /keys -->.`);
const renewed = text.replace(between, () => `<!-- keys -->\n\n${siteReference()}\n\n<!-- /keys -->`);
const formatted = await format(renewed, { ...(await resolveConfig(page)), parser: 'markdown' });
if (!process.argv.includes('--check')) await writeFile(page, formatted);
else if (formatted !== text) {
  console.error(`${page} is not current: run npx tsx platform-config/src/site/write-reference.ts`);
  process.exitCode = 1;
}
