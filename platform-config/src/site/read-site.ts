import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { ForPeople } from '../for-people';
import { siteSchema, type SiteConfiguration } from './schema';
import { withModelPath } from './score-model';

/** Reads and checks a site configuration. Every fault is named: file, place in the file, reason. */
export async function readSite(file: string): Promise<SiteConfiguration> {
  return withModelPath(parseSite(parseJson(await readText(file), file), file), file);
}

/** As `readSite`, from parsed JSON. `file` only names it in messages. */
export function parseSite(content: unknown, file: string): SiteConfiguration {
  const result = siteSchema.safeParse(content);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(flatten).map(({ path, message }) => `  ${path}: ${message}`);
  throw new ForPeople(
    `The site configuration ${file} is not valid:\n${faults.join('\n')}\nAll keys: docs/site-configuration.md`,
  );
}

/** The site that `--pacs URL` stands for. */
export function siteOfPacs(url: string, hasAuthorization: boolean): SiteConfiguration {
  return parseSite(
    {
      name: 'Myelon',
      sources: [
        {
          name: 'pacs',
          friendlyName: new URL(url).host,
          url,
          write: true,
          ...(hasAuthorization
            ? { authorization: { from: 'environment', variable: 'MYELON_PACS_AUTHORIZATION' } }
            : {}),
        },
      ],
      defaultSource: 'pacs',
    },
    '--pacs',
  );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ForPeople(`The site configuration ${file} cannot be read: ${why}`);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ForPeople(`The site configuration ${file} is not JSON: ${why}`);
  }
}

/** Faults inside a choice of shapes (zod's union) are reported where they are, not as "invalid input" of the whole. */
function flatten(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, next) => (next.length < best.length ? next : best));
    const messages = [...new Set(issue.errors.flat().map((inner) => inner.message))];
    const atTop = closest.every((inner) => inner.path.length === 0);
    if (atTop) return [{ path: jsonPath(issue.path), message: messages.join(', or ') }];
    return closest.map((inner) => ({
      path: jsonPath([...issue.path, ...inner.path]),
      message: inner.message,
    }));
  }
  return [{ path: jsonPath(issue.path), message: issue.message }];
}

function jsonPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole file';
  return path
    .map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
