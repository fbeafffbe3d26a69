import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditedAction, AuditedEvent } from './audit-event';
import type { AuditLog } from './audit-log';

/** A study that somebody goes on reading is one opening, not thousands. */
const sameOpeningMs = 15 * 60_000;
/** Refusals of one kind from one address: the first of a minute is recorded, so that a flood cannot fill the disk. */
const sameRefusalMs = 60_000;
const studyPath = /^\/dicom-web\/([^/]+)\/studies\/([\d.]+)(\/|$|\?)/;
const sourcePath = /^\/dicom-web\/([^/]+)\//;

/**
 * Writes an audit record of every study opened, every object stored or signed, and every request refused. The answer
 * to the browser waits for the record: nothing succeeds unrecorded.
 */
export function auditRequests(server: FastifyInstance, log: AuditLog): void {
  const recent = new Map<string, number>();
  server.addHook('onSend', async (request, reply, payload) => {
    const event = eventOf(request, reply, recent);
    if (!event) return payload;
    try {
      await log.append(event);
      return payload;
    } catch (error) {
      console.error(`No audit record could be written: ${String(error)}`);
      reply.code(500).type('application/json; charset=utf-8').removeHeader('content-length');
      return JSON.stringify({
        error:
          'The audit record of this could not be written, so it is not confirmed. Tell whoever runs this server.',
      });
    }
  });
}

function eventOf(
  request: FastifyRequest,
  reply: FastifyReply,
  recent: Map<string, number>,
): AuditedEvent | null {
  const source = sourcePath.exec(request.url)?.[1];
  if (source === undefined) return null;
  const common = { person: request.person, address: request.ip, source };
  const { statusCode } = reply;
  if (request.method === 'POST') return storeEvent(request, statusCode, common);
  if (statusCode === 401 || statusCode === 403) {
    const description = `status ${String(statusCode)}`;
    const isFirst = isNew(`${request.ip} ${source} ${description}`, recent, sameRefusalMs);
    return isFirst ? { ...common, action: 'refused', outcome: 4, description } : null;
  }
  const study = studyPath.exec(request.url)?.[2];
  if (study === undefined || statusCode >= 400) return null;
  const who = request.person?.subject ?? request.ip;
  return isNew(`${who} ${source} ${study}`, recent, sameOpeningMs)
    ? { ...common, action: 'open', outcome: 0, studyInstanceUIDs: [study] }
    : null;
}

function storeEvent(
  request: FastifyRequest,
  status: number,
  common: Pick<AuditedEvent, 'person' | 'address' | 'source'>,
): AuditedEvent {
  const objects = request.storedObjects ?? [];
  const wasAccepted = status >= 200 && status < 300;
  const stored: AuditedAction = objects.some(({ isVerified }) => isVerified) ? 'sign' : 'store';
  return {
    ...common,
    action: status === 401 || status === 403 ? 'refused' : stored,
    outcome: wasAccepted ? 0 : status < 500 ? 4 : 8,
    ...(wasAccepted ? {} : { description: `status ${String(status)}` }),
    studyInstanceUIDs: [...new Set(objects.map(({ studyInstanceUID }) => studyInstanceUID))],
    sopInstanceUIDs: objects.map(({ sopInstanceUID }) => sopInstanceUID),
  };
}

/** Whether this did not happen within the last `windowMs`. */
function isNew(key: string, recent: Map<string, number>, windowMs: number): boolean {
  const now = Date.now();
  const before = recent.get(key);
  if (before !== undefined && now - before < windowMs) return false;
  if (recent.size > 10_000) {
    for (const [old, at] of recent) if (now - at >= sameOpeningMs) recent.delete(old);
  }
  recent.set(key, now);
  return true;
}
