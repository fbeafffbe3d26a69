import { InputRefused } from '@myelon/diffusion';
import { checkedModelFile, type ModelFile } from '@myelon/prognosis';
import type { HostContext } from './context';
import type { HostScoring } from './viewer-host';

/** The score model of the site: fetched once, checked against the keys the site trusts. */
export function hostScoring(context: HostContext): HostScoring {
  const known = new Map<string, Promise<ModelFile>>();
  return {
    async model() {
      const configured = context.dataSource().getConfig().scoreModel;
      if (!configured) return null;
      const { url, trustedKeys } = configured;
      const asked = known.get(url) ?? fetchModel(url, trustedKeys, context.authorization());
      known.set(url, asked);
      try {
        return await asked;
      } catch (problem) {
        // Asked again the next time: a server may have been away.
        known.delete(url);
        throw problem;
      }
    },
  };
}

async function fetchModel(
  url: string,
  trustedKeys: readonly string[],
  headers: Record<string, string>,
): Promise<ModelFile> {
  const refuse = (what: string) =>
    new InputRefused(what, 'score model of the site', 'ask the administrator of the viewer');
  let raw: unknown;
  try {
    const response = await fetch(url, { headers });
    if (!response.ok) throw refuse(`the server answers ${String(response.status)}`);
    raw = await response.json();
  } catch (problem) {
    if (problem instanceof InputRefused) throw problem;
    throw refuse('it cannot be fetched');
  }
  return checkedModelFile(raw, 'score model of the site', trustedKeys);
}
