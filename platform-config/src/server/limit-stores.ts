import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';

/** Store requests of one person, or of one address where nobody logs in: above the limit status 429. */
export async function limitStores(server: FastifyInstance, storesPerMinute: number): Promise<void> {
  await server.register(rateLimit, {
    max: storesPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.person?.subject ?? request.ip,
    allowList: (request) => request.method !== 'POST' || !request.url.startsWith('/dicom-web/'),
    errorResponseBuilder: (_request, { ttl, max }) => ({
      statusCode: 429,
      error: `More than ${String(max)} store requests a minute. Go on in ${String(Math.ceil(ttl / 1000))} s.`,
    }),
  });
}
