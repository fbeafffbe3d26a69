import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SourceCredentials } from '../access/source-credentials';
import type { AuditLog } from '../audit/audit-log';
import type { SiteSource } from '../site/schema';

/** State of a source, as a page can show it. */
export interface SourceState {
  readonly name: string;
  readonly friendlyName: string;
  readonly write: boolean;
  /** `refusing`: it answers, and does not let this server in. */
  readonly state: 'ready' | 'refusing' | 'away';
  /** Why it is not ready. */
  readonly why?: string;
  /** Time to its answer, ms. */
  readonly answeredAfterMs?: number;
}

const probeTimeoutMs = 5_000;

const exportSchema = z.strictObject({
  studyInstanceUID: z.string().regex(/^[\d.]{1,64}$/),
  source: z.string().max(31),
  what: z.enum(['pdf', 'csv', 'json', 'dicom', 'image']),
});

/** What the pages of this server ask it about itself: who is logged in, how the sources are, what was exported. */
export function registerSiteRoutes(
  server: FastifyInstance,
  credentials: ReadonlyMap<SiteSource, SourceCredentials>,
  log: AuditLog | null,
): void {
  server.get('/myelon/me', (request, reply) => {
    const { person } = request;
    return reply.header('cache-control', 'no-store').send(
      person
        ? { name: person.name, subject: person.subject, roles: [...person.roles] }
        : // Nobody logs in here: everything is open, and nobody can be named as the one who signs.
          { name: null, subject: null, roles: ['read', 'draft'] },
    );
  });
  const sources = [...credentials].filter(([source]) => source.read);
  server.get('/myelon/sources', async (request, reply) => {
    if (request.person && !['read', 'administer'].some((role) => holds(request, role))) {
      return reply.code(403).send({ error: 'Your login has no role here.' });
    }
    const states = await Promise.all(
      sources.map(([source, own]) => stateOf(source, own, request.headers.authorization)),
    );
    return reply.header('cache-control', 'no-store').send(states);
  });
  server.post('/myelon/exports', { bodyLimit: 10_000 }, async (request, reply) => {
    const parsed = exportSchema.safeParse(request.body);
    if (!parsed.success) return reply.code(400).send({ error: 'Not a description of an export.' });
    const { studyInstanceUID, source, what } = parsed.data;
    await log?.append({
      action: 'export',
      outcome: 0,
      description: what,
      person: request.person,
      address: request.ip,
      source,
      studyInstanceUIDs: [studyInstanceUID],
    });
    return reply.code(204).send();
  });
}

function holds(request: FastifyRequest, role: string): boolean {
  return ([...(request.person?.roles ?? [])] as string[]).includes(role);
}

async function stateOf(
  source: SiteSource,
  credentials: SourceCredentials,
  fromBrowser: string | undefined,
): Promise<SourceState> {
  const { name, friendlyName, write } = source;
  const about = { name, friendlyName, write };
  if (source.url === 'embedded') return { ...about, state: 'ready', answeredAfterMs: 0 };
  const begin = performance.now();
  try {
    const authorization = await credentials.header(fromBrowser);
    const answer = await fetch(`${source.url}/studies?limit=1`, {
      headers: {
        accept: 'application/dicom+json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    await answer.body?.cancel();
    const answeredAfterMs = Math.round(performance.now() - begin);
    if (answer.ok) return { ...about, state: 'ready', answeredAfterMs };
    return { ...about, state: 'refusing', why: `status ${String(answer.status)}`, answeredAfterMs };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { ...about, state: 'away', why: cause instanceof Error ? cause.message : String(cause) };
  }
}
