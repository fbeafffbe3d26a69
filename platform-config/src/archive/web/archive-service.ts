import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ArchiveStore } from '../storage/archive-store';

/** What the routes share. */
export interface ArchiveService {
  readonly store: ArchiveStore;
  /** Path the service is mounted under, without a slash at the end. */
  readonly prefix: string;
  /** Longest STOW-RS body, bytes. */
  readonly maxUploadBytes: number;
  /** Binary values of metadata longer than this go by Bulk Data URI, bytes. */
  readonly inlineLimit: number;
}

export interface UidParams {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
}

/** Address of the service as the client sees it. */
export function rootOf(request: FastifyRequest, service: ArchiveService): string {
  return `${request.protocol}://${request.host}${service.prefix}`;
}

/** An answer that is an error, with a sentence for people. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send({ status, message });
}
