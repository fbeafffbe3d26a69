import { ForPeople } from '../for-people';
import type { SiteSource } from '../site/schema';

type Environment = Readonly<Record<string, string | undefined>>;
type ClientCredentials = Extract<SiteSource['authorization'], { from: 'client-credentials' }>;

/** What this server shows to one source. Each source has its own; they never cross. */
export interface SourceCredentials {
  /**
   * The Authorization header of a request; undefined for none.
   *
   * @param fromBrowser what the browser sent
   * @throws Error when a token has to be fetched and cannot be
   */
  header(fromBrowser: string | undefined): Promise<string | undefined>;
  /** The source took the header no longer: whether the next one will be another. */
  renew(): boolean;
}

/** A token is fetched anew this long before it ends. */
const renewBeforeMs = 30_000;
const tokenTimeoutMs = 10_000;

/** Reads the environment now, so that a missing variable is found at the start and not at the first request. */
export function credentialsOf(source: SiteSource, environment: Environment): SourceCredentials {
  const authorization = source.authorization;
  switch (authorization.from) {
    case 'none':
      return unchanging(() => undefined);
    case 'viewer-login':
      return unchanging((fromBrowser) => fromBrowser);
    case 'environment': {
      const header = required(environment, authorization.variable, source.name, exampleHeader);
      return unchanging(() => header);
    }
    case 'client-credentials': {
      const secret = required(environment, authorization.secretVariable, source.name, exampleSecret);
      return fetched(authorization, secret);
    }
  }
}

const exampleHeader = 'its Authorization header (the whole of it, for example "Basic dXNlcjpzZWNyZXQ=")';
const exampleSecret = 'the secret of its client at the login provider';

function required(environment: Environment, variable: string, source: string, what: string): string {
  const value = environment[variable];
  if (value !== undefined && value !== '') return value;
  throw new ForPeople(
    `The source ${source} takes ${what} from the environment variable ${variable}, which is not set. ` +
      'Set it and start again.',
  );
}

function unchanging(header: (fromBrowser: string | undefined) => string | undefined): SourceCredentials {
  return { header: (fromBrowser) => Promise.resolve(header(fromBrowser)), renew: () => false };
}

interface Token {
  readonly header: string;
  readonly endsAt: number;
}

/** OAuth 2 client credentials (RFC 6749, 4.4): one token for all requests, renewed before it ends. */
function fetched(options: ClientCredentials, secret: string): SourceCredentials {
  let token: Promise<Token> | null = null;
  const fresh = async (): Promise<Token> => {
    token ??= fetchToken(options, secret);
    const known = token;
    try {
      const got = await known;
      if (got.endsAt - renewBeforeMs > Date.now()) return got;
    } catch (error) {
      if (token === known) token = null;
      throw error;
    }
    // Whoever came first fetches; the others wait for the same one.
    if (token === known) token = fetchToken(options, secret);
    return token;
  };
  return {
    header: async () => (await fresh()).header,
    renew: () => {
      token = null;
      return true;
    },
  };
}

async function fetchToken(options: ClientCredentials, secret: string): Promise<Token> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (options.scope !== undefined) form.set('scope', options.scope);
  if (options.resource !== undefined) form.set('resource', options.resource);
  const login = [options.clientId, secret].map(encodeURIComponent).join(':');
  const askedAt = Date.now();
  const answer = await fetch(options.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    body: form,
    redirect: 'error',
    signal: AbortSignal.timeout(tokenTimeoutMs),
  });
  const content = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const accessToken = content['access_token'];
  if (!answer.ok || typeof accessToken !== 'string') {
    const why = typeof content['error'] === 'string' ? content['error'] : `status ${String(answer.status)}`;
    throw new Error(`${options.tokenUrl} gave this server no token: ${why}`);
  }
  const seconds = Number(content['expires_in'] ?? 60);
  return { header: `Bearer ${accessToken}`, endsAt: askedAt + seconds * 1000 };
}
