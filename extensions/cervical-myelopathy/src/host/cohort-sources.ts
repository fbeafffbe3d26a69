import type { CohortSource } from '@myelon/pipeline';
import type { HostContext } from './context';
import { dicomWebClient } from './web-roots';

/** Every archive of the site configuration that studies are read from. */
export function cohortSources(context: HostContext): CohortSource[] {
  return Object.values(context.extensions.dataSourceDefs).flatMap(({ sourceName, configuration }) => {
    const { wadoRoot, friendlyName } = configuration;
    return typeof wadoRoot === 'string'
      ? [{ name: friendlyName ?? sourceName, client: dicomWebClient(context, wadoRoot) }]
      : [];
  });
}
