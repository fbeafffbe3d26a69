import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BodyTooLarge, MalformedBody } from '../archive/web/multipart-request';
import type { SiteConfiguration } from '../site/schema';
import type { Person } from './person';
import { storedObjects, type StoredObject } from './stored-object';
import { storeRefusal } from './store-rules';
import { LoginProviderAway, NotLoggedIn, tokenVerifier, type VerifyToken } from './verify-token';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request; null where the site has no login. */
    person: Person | null;
    /** Objects of a store request, once its body was looked into. */
    storedObjects: readonly StoredObject[] | null;
  }
}

const bytesPerMegabyte = 1e6;
const guarded = /^\/(dicom-web|myelon)\//;

/**
 * Lets nobody to a source who may not be there. With a login in the site configuration every request needs a token of
 * its provider and the role for what it does; a store request is looked into before anything of it reaches a PACS.
 */
export function guardSources(server: FastifyInstance, site: SiteConfiguration, keepsAudit: boolean): void {
  server.decorateRequest('person', null);
  server.decorateRequest('storedObjects', null);
  if (site.login) requireLogin(server, tokenVerifier(site.login));
  if (site.login || keepsAudit) inspectStores(server, site.limits.uploadMegabytes * bytesPerMegabyte);
}

function requireLogin(server: FastifyInstance, verify: VerifyToken): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!guarded.test(request.url)) return;
    try {
      request.person = await verify(request.headers.authorization);
    } catch (error) {
      return refuseLogin(reply, error);
    }
    const isSource = request.url.startsWith('/dicom-web/');
    if (isSource && !request.person.roles.has('read')) {
      return reply.code(403).send({ error: 'Your login has no role that may open studies here.' });
    }
  });
}

function refuseLogin(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof LoginProviderAway) return reply.code(503).send({ error: error.message });
  if (!(error instanceof NotLoggedIn)) throw error;
  return reply
    .code(401)
    .header('www-authenticate', `Bearer error="invalid_token", error_description="${error.message}"`)
    .send({ error: error.message });
}

/** Takes the whole body of a store request, looks at its objects, and hands it on as it came. */
function inspectStores(server: FastifyInstance, maxBytes: number): void {
  server.addHook('preParsing', async (request, reply, payload) => {
    if (request.method !== 'POST' || !request.url.startsWith('/dicom-web/')) return payload;
    try {
      const body = await whole(payload as Readable, request, maxBytes);
      request.storedObjects = await storedObjects(body, request.headers['content-type']);
      const refused = request.person && storeRefusal(request.person, request.storedObjects);
      if (refused) {
        await reply.code(403).send({ error: refused });
        return payload;
      }
      return Object.assign(Readable.from([body]), { receivedEncodedLength: body.length });
    } catch (error) {
      await refuseBody(reply, error, maxBytes);
      return payload;
    }
  });
}

async function whole(payload: Readable, request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let received = 0;
  let isTooLarge = announced > maxBytes;
  // A refused body is still read to its end: the next request of the connection waits behind it.
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    received += chunk.length;
    isTooLarge ||= received > maxBytes;
    if (isTooLarge) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (isTooLarge) throw new BodyTooLarge('too large');
  return Buffer.concat(chunks);
}

async function refuseBody(reply: FastifyReply, error: unknown, maxBytes: number): Promise<void> {
  if (error instanceof BodyTooLarge) {
    const megabytes = String(maxBytes / bytesPerMegabyte);
    const message = `The request is larger than the ${megabytes} MB that this server takes. Send fewer objects at a time.`;
    await reply.code(413).send({ error: message });
  } else if (error instanceof MalformedBody) {
    await reply.code(400).send({ error: `Nothing was stored: ${error.message}.` });
  } else throw error;
}
