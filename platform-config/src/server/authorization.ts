import { ForPeople } from '../for-people';
import type { SiteSource } from '../site/schema';

/** Gives the Authorization header for a request to a source; undefined for none. */
export type Authorize = (fromBrowser: string | undefined) => string | undefined;

/** Reads the environment now, so that a missing variable is found at the start and not at the first request. */
export function authorizationOf(
  source: SiteSource,
  environment: Readonly<Record<string, string | undefined>>,
): Authorize {
  const authorization = source.authorization;
  switch (authorization.from) {
    case 'none':
      return () => undefined;
    case 'viewer-login':
      return (fromBrowser) => fromBrowser;
    case 'environment': {
      const header = environment[authorization.variable];
      if (header === undefined || header === '') {
        throw new ForPeople(
          `The source ${source.name} takes its Authorization header from the environment variable ` +
            `${authorization.variable}, which is not set. Set it to the whole header ` +
            '(for example "Basic dXNlcjpzZWNyZXQ=") and start again.',
        );
      }
      return () => header;
    }
  }
}
