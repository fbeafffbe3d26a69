import type { FastifyInstance } from 'fastify';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Answers only to names this server is known by. A foreign page whose name is made to point at this computer (DNS
 * rebinding) would otherwise read the archive with the browser's help.
 *
 * @param hosts names from the site configuration, beside those of this computer
 * @param listenAddress an address given on the command line counts as a name, "any address" allows all
 */
export function checkHost(server: FastifyInstance, hosts: readonly string[], listenAddress: string): void {
  if (['0.0.0.0', '::'].includes(listenAddress) && hosts.length === 0) return;
  const known = new Set([
    ...loopbackNames,
    ...hosts.map((host) => host.toLowerCase()),
    listenAddress.toLowerCase(),
  ]);
  server.addHook('onRequest', async (request, reply) => {
    const host = (request.headers.host ?? '').toLowerCase();
    if (known.has(host) || known.has(host.replace(/:\d+$/, ''))) return;
    await reply
      .code(421)
      .type('text/plain; charset=utf-8')
      .send(`This server is not known as ${host}. Add the name to "hosts" of the site configuration.\n`);
  });
}
