import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { SiteLogin } from '../site/schema';
import { personOf, type Person } from './person';

/** A request without a token that holds: status 401. `reason` is safe to show. */
export class NotLoggedIn extends Error {
  override readonly name = 'NotLoggedIn';
}

/** The login provider cannot be asked, so nobody can be let in: status 503. */
export class LoginProviderAway extends Error {
  override readonly name = 'LoginProviderAway';
}

/** Signatures that a provider can be expected to use; never `none`, never a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** After a key rotation an unknown key is looked up again this soon. */
const keyCooldownMs = 5_000;
const providerTimeoutMs = 10_000;
/** Clocks of two computers. */
const clockToleranceSeconds = 5;

interface Provider {
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
}

export type VerifyToken = (authorizationHeader: string | undefined) => Promise<Person>;

/**
 * Checks access tokens of the site's login provider (JSON Web Tokens, RFC 9068): signature with the provider's
 * published keys, issuer, audience, time.
 *
 * @returns throws NotLoggedIn (401) or LoginProviderAway (503)
 */
export function tokenVerifier(login: SiteLogin): VerifyToken {
  let provider: Promise<Provider> | null = null;
  const discovered = () => {
    provider ??= discover(login.authority).catch((error: unknown) => {
      // Asked again at the next request.
      provider = null;
      throw error;
    });
    return provider;
  };
  return async (header) => {
    const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw new NotLoggedIn('No login was sent.');
    const { issuer, keys } = await discovered();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: login.audience ?? login.clientId,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      return personOf(payload, login);
    } catch (error) {
      throw translated(error, login.authority);
    }
  };
}

async function discover(authority: string): Promise<Provider> {
  const address = `${authority}/.well-known/openid-configuration`;
  let document: { issuer?: unknown; jwks_uri?: unknown };
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(providerTimeoutMs) });
    if (!answer.ok) throw new Error(`status ${String(answer.status)}`);
    document = (await answer.json()) as typeof document;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LoginProviderAway(`The login provider does not answer at ${address} (${why}).`);
  }
  const { issuer, jwks_uri: keysAddress } = document;
  if (typeof issuer !== 'string' || typeof keysAddress !== 'string' || !URL.canParse(keysAddress)) {
    throw new LoginProviderAway(`The login provider's description at ${address} has no issuer or no keys.`);
  }
  if (issuer.replace(/\/$/, '') !== authority.replace(/\/$/, '')) {
    throw new LoginProviderAway(`The login provider at ${authority} calls itself ${issuer}: use that name.`);
  }
  const keys = createRemoteJWKSet(new URL(keysAddress), {
    cooldownDuration: keyCooldownMs,
    timeoutDuration: providerTimeoutMs,
  });
  return { issuer, keys };
}

function translated(error: unknown, authority: string): Error {
  if (error instanceof errors.JWTExpired) return new NotLoggedIn('The login has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new NotLoggedIn(`The login is not for this server (${error.claim}).`);
  }
  const isAboutTheToken =
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid;
  if (isAboutTheToken) return new NotLoggedIn('The login is not one of the provider of this site.');
  const why = error instanceof Error ? error.message : String(error);
  return new LoginProviderAway(`The keys of the login provider ${authority} cannot be read (${why}).`);
}
