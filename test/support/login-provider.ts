import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload, type KeyLike } from 'jose';

/** The part of an OpenID Connect provider that servers see: its description, its keys, signed tokens. */
export interface LoginProvider {
  readonly issuer: string;
  /** A token of this provider, valid for five minutes unless the claims say otherwise. */
  token(claims: JWTPayload): Promise<string>;
  /** From now on signs with a new key; the old one is no longer published. */
  rotateKey(): Promise<void>;
  stop(): Promise<void>;
}

export const audience = 'myelon-viewer';

export async function startLoginProvider(): Promise<LoginProvider> {
  let key = await newKey('first');
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
    } else if (request.url === '/keys') {
      response.end(JSON.stringify({ keys: [key.published] }));
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    issuer,
    token: (claims) => signed(key, { iss: issuer, aud: audience, ...claims }),
    rotateKey: async () => {
      key = await newKey(`key-${String(Date.now())}`);
    },
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
}

interface Key {
  readonly id: string;
  readonly secret: KeyLike;
  readonly published: JWK;
}

export async function newKey(id: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    id,
    secret: privateKey,
    published: { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' },
  };
}

export function signed(key: Key, claims: JWTPayload): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.id, typ: 'at+jwt' })
    .sign(key.secret);
}
