import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ForPeople } from '../for-people';
import type { SiteConfiguration } from './schema';

/** Where the viewer fetches the score model of the site. */
export const SCORE_MODEL_PATH = '/score-model.json';

/** The path of the model in force, made absolute: it is written relative to the site configuration. */
export function withModelPath(site: SiteConfiguration, siteFile: string): SiteConfiguration {
  const { scoreModel } = site;
  if (!scoreModel) return site;
  const absolute = (path: string) => resolve(dirname(siteFile), path);
  const { previous } = scoreModel;
  return {
    ...site,
    scoreModel: {
      ...scoreModel,
      file: absolute(scoreModel.file),
      ...(previous === undefined ? {} : { previous: absolute(previous) }),
    },
  };
}

/**
 * The text of the model in force, checked: whole, and signed by somebody the site trusts. Null when the site has none.
 * A site that names a model must never score with another one, so a model that fails keeps the program from starting.
 */
export async function scoreModelInForce({ scoreModel }: SiteConfiguration): Promise<string | null> {
  if (!scoreModel) return null;
  const file = scoreModel.use === 'previous' ? (scoreModel.previous ?? '') : scoreModel.file;
  // Most sites have none: what checks it is loaded only then.
  const { checkedModelFile } = await import('@myelon/prognosis');
  try {
    const text = await readFile(file, 'utf8');
    checkedModelFile(JSON.parse(text) as unknown, file, scoreModel.trustedKeys);
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ForPeople(
      `The score model ${file} cannot be used: ${why}\nCheck it with: myelon model check, or set "use": "previous" in the site configuration.`,
    );
  }
}
