import type { JWTPayload } from 'jose';
import type { SiteLogin } from '../site/schema';

/** What a person may do here. `draft` includes `read`, `sign` includes `draft`; `administer` stands apart. */
export type Role = 'read' | 'draft' | 'sign' | 'administer';

/** Who sent a request, from a verified access token. */
export interface Person {
  /** `sub` of the token: stable at its issuer. */
  readonly subject: string;
  readonly issuer: string;
  /** Name for people; the subject when the token holds none. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
}

/** The person a verified token stands for, with the roles the site gives to the token's. */
export function personOf(claims: JWTPayload, login: SiteLogin): Person {
  const granted = new Set(textsOf(claimAt(claims, login.roleClaim)));
  const has = (role: Role) => login.roles[role].some((name) => granted.has(name));
  const roles = new Set<Role>();
  if (has('administer')) roles.add('administer');
  if (has('sign')) roles.add('sign');
  if (has('draft') || roles.has('sign')) roles.add('draft');
  if (has('read') || roles.has('draft')) roles.add('read');
  const subject = claims.sub ?? '';
  const name = [claims['name'], claims['preferred_username'], claims['email']].find(
    (candidate): candidate is string => typeof candidate === 'string' && candidate.trim() !== '',
  );
  return { subject, issuer: claims.iss ?? '', name: name ?? subject, roles };
}

/** A claim by its path; a claim whose own name holds dots (`https://example.org/roles`) is found as well. */
function claimAt(claims: JWTPayload, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((at, key) => {
    const isObject = typeof at === 'object' && at !== null && Object.hasOwn(at, key);
    return isObject ? (at as Record<string, unknown>)[key] : undefined;
  }, claims);
}

/** Roles come as a list, or as one text with spaces between (`scope`). */
function textsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((one): one is string => typeof one === 'string') : [];
}
