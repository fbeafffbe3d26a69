import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputRefused } from '@myelon/diffusion';

/** SQL in one place or another: PostgreSQL for any number of computers, PGlite in a folder for one process. */
export interface Database {
  /** As pg-boss wants it; several statements without values are allowed. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  close(): Promise<void>;
}

export const isPostgresAddress = (queue: string) => /^postgres(ql)?:\/\//.test(queue);

/** @param queue address of a PostgreSQL database, or a folder */
export function openDatabase(queue: string): Promise<Database> {
  return isPostgresAddress(queue) ? openPostgres(queue) : openFolder(queue);
}

async function openPostgres(address: string): Promise<Database> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: address, max: 4, connectionTimeoutMillis: 5_000 });
  // A server that goes away breaks idle connections; the next query opens a new one or says why not.
  pool.on('error', () => undefined);
  return {
    executeSql: async (text, values) => {
      const result = await pool.query<Record<string, unknown>>(text, values);
      // Several statements in one text give a list of results.
      const last: unknown = Array.isArray(result) ? result.at(-1) : result;
      return last as { rows: Record<string, unknown>[] };
    },
    close: () => pool.end(),
  };
}

async function openFolder(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const unlock = await lock(folder);
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create({ dataDir: join(folder, 'pglite') });
  return {
    executeSql: async (text, values) => {
      if (values !== undefined && values.length > 0) {
        const { rows } = await database.query<Record<string, unknown>>(text, values);
        return { rows };
      }
      return { rows: ((await database.exec(text)).at(-1)?.rows ?? []) as Record<string, unknown>[] };
    },
    close: async () => {
      await database.close();
      await unlock();
    },
  };
}

/** PGlite is for one process; the lock of one that is gone is taken over. */
async function lock(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'batch.lock');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch {
      const holder = Number(await readFile(file, 'utf8').catch(() => ''));
      if (isRunning(holder)) break;
      await rm(file, { force: true });
    }
  }
  throw new InputRefused(
    'another batch works on this queue',
    folder,
    'wait for it, or use --queue postgres://... for several at once',
  );
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
