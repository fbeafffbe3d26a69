import { randomUUID } from 'node:crypto';
import type PgBoss from 'pg-boss';
import { derivedUuid } from '../outputs/derived-identity';
import { openDatabase, type Database } from './database';

/** One study to analyse. */
export interface StudyJob {
  /** The same for the same study and algorithm, in every queue. */
  readonly id: string;
  readonly study: string;
  /** When the study came into the queue; ISO 8601 with whole seconds. */
  readonly queuedAt: string;
  /** Tries before this one. */
  readonly triesBefore: number;
}

export interface StudyOutcome {
  readonly state: 'analysed' | 'set aside';
  readonly why?: string;
  /** What was asked for and could not be done, though the study was analysed. */
  readonly notes?: readonly string[];
  readonly seconds: number;
}

export interface BatchCounts {
  readonly waiting: number;
  readonly running: number;
  readonly analysed: number;
  readonly setAside: number;
}

/** A worker that has not been heard of for this long is taken for dead, and its study is given to another. */
const silentSeconds = 20;
const retryLimit = 5;
/** What was done stays known: pg-boss would forget it after two weeks. */
const tables = `
  CREATE SCHEMA IF NOT EXISTS myelon;
  CREATE TABLE IF NOT EXISTS myelon.installation (id uuid PRIMARY KEY, single boolean UNIQUE DEFAULT true CHECK (single));
  CREATE TABLE IF NOT EXISTS myelon.study (
    job uuid PRIMARY KEY, queue text NOT NULL, study text NOT NULL, state text NOT NULL, why text, notes jsonb,
    seconds real, finished timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS myelon.running (
    job uuid PRIMARY KEY, queue text NOT NULL, worker text NOT NULL, seen timestamptz NOT NULL DEFAULT now());
`;

/**
 * The queue of one algorithm over one archive: one job for every study, each done once. Any number of processes may
 * work on it.
 */
export class BatchQueue {
  private constructor(
    private readonly boss: PgBoss,
    private readonly database: Database,
    /** Name of the queue: stands for archive, algorithm version and options. */
    private readonly name: string,
    /** The installation that makes the objects, whichever computer does the work. */
    readonly installation: string,
  ) {}

  /** @param place PostgreSQL address or folder; @param key what makes two batches the same work */
  static async open(place: string, key: string): Promise<BatchQueue> {
    const database = await openDatabase(place);
    const { default: Boss } = await import('pg-boss');
    const boss = new Boss({
      db: database,
      schema: 'myelon_queue',
      monitorStateIntervalMinutes: 1,
      schedule: false,
    } as PgBoss.ConstructorOptions);
    boss.on('error', () => undefined);
    try {
      await boss.start();
      await alone(database, tables);
      const name = `analyse-${derivedUuid(key)}`;
      await boss.createQueue(name, {
        name,
        retryLimit,
        retryDelay: 2,
        retryBackoff: true,
        expireInSeconds: 6 * 3600,
        retentionDays: 3650,
      });
      return new BatchQueue(boss, database, name, await installationOf(database));
    } catch (error) {
      await close(boss, database);
      throw error;
    }
  }

  /** Studies of `studies` that are neither done nor set aside nor waiting. */
  async unknown(studies: readonly string[]): Promise<string[]> {
    const { rows } = await this.database.executeSql(
      `SELECT study FROM myelon.study WHERE queue = $1
       UNION SELECT data->>'study' FROM myelon_queue.job WHERE name = $1`,
      [this.name],
    );
    const known = new Set(rows.map((row) => String(row['study'])));
    return studies.filter((study) => !known.has(study));
  }

  async add(studies: readonly string[]): Promise<void> {
    for (let at = 0; at < studies.length; at += 500) {
      const jobs = studies.slice(at, at + 500).map((study) => ({
        id: derivedUuid(`${this.name}\n${study}`),
        name: this.name,
        data: { study },
        retryLimit,
      }));
      await this.boss.insert(jobs);
    }
  }

  /** Gives studies that were set aside another chance. */
  async retrySetAside(): Promise<number> {
    const { rows } = await this.database.executeSql(
      `WITH gone AS (DELETE FROM myelon.study WHERE queue = $1 AND state = 'set aside' RETURNING job, study)
       , left_over AS (DELETE FROM myelon_queue.job USING gone WHERE name = $1 AND id = gone.job)
       SELECT study FROM gone`,
      [this.name],
    );
    await this.add(rows.map((row) => String(row['study'])));
    return rows.length;
  }

  /** The next study to work on; null when none waits now. */
  async take(worker: string): Promise<StudyJob | null> {
    const [job] = await this.boss.fetch<{ study: string }>(this.name, {
      batchSize: 1,
      includeMetadata: true,
    });
    if (!job) return null;
    await this.database.executeSql(
      `INSERT INTO myelon.running (job, queue, worker) VALUES ($1, $2, $3)
       ON CONFLICT (job) DO UPDATE SET worker = $3, seen = now()`,
      [job.id, this.name, worker],
    );
    const queuedAt = `${new Date(job.createdOn).toISOString().slice(0, 19)}Z`;
    return { id: job.id, study: job.data.study, queuedAt, triesBefore: job.retryCount };
  }

  /** Says that a worker still works on its study. */
  async isAlive(job: StudyJob, worker: string): Promise<void> {
    await this.database.executeSql('UPDATE myelon.running SET seen = now() WHERE job = $1 AND worker = $2', [
      job.id,
      worker,
    ]);
  }

  /** Takes studies of workers that died back into the queue. */
  async recoverLost(): Promise<void> {
    const { rows } = await this.database.executeSql(
      `DELETE FROM myelon.running WHERE queue = $1 AND seen < now() - interval '${String(silentSeconds)} s' RETURNING job`,
      [this.name],
    );
    for (const row of rows) await this.boss.fail(this.name, String(row['job']), { why: 'its worker died' });
    // A worker that died between taking a study and saying so.
    const orphans = await this.database.executeSql(
      `SELECT id FROM myelon_queue.job j WHERE name = $1 AND state = 'active'
       AND started_on < now() - interval '${String(2 * silentSeconds)} s'
       AND NOT EXISTS (SELECT 1 FROM myelon.running r WHERE r.job = j.id)`,
      [this.name],
    );
    for (const row of orphans.rows)
      await this.boss.fail(this.name, String(row['id']), { why: 'its worker died' });
    await this.setAsideFailed();
  }

  async finish(job: StudyJob, outcome: StudyOutcome): Promise<void> {
    await this.record(job.id, job.study, outcome);
    await this.boss.complete(this.name, job.id, outcome);
    await this.database.executeSql('DELETE FROM myelon.running WHERE job = $1', [job.id]);
  }

  /** The study is tried again later, or set aside when it was tried often enough. */
  async tryAgain(job: StudyJob, why: string): Promise<void> {
    await this.boss.fail(this.name, job.id, { why });
    await this.database.executeSql('DELETE FROM myelon.running WHERE job = $1', [job.id]);
    await this.setAsideFailed();
  }

  async counts(): Promise<BatchCounts> {
    const jobs = await this.database.executeSql(
      'SELECT state::text AS state, count(*)::int AS n FROM myelon_queue.job WHERE name = $1 GROUP BY state',
      [this.name],
    );
    const done = await this.database.executeSql(
      'SELECT state, count(*)::int AS n FROM myelon.study WHERE queue = $1 GROUP BY state',
      [this.name],
    );
    const of = (rows: Record<string, unknown>[], state: string) =>
      Number(rows.find((row) => row['state'] === state)?.['n'] ?? 0);
    return {
      waiting: of(jobs.rows, 'created') + of(jobs.rows, 'retry'),
      running: of(jobs.rows, 'active'),
      analysed: of(done.rows, 'analysed'),
      setAside: of(done.rows, 'set aside'),
    };
  }

  async setAside(): Promise<{ study: string; why: string }[]> {
    const { rows } = await this.database.executeSql(
      "SELECT study, why FROM myelon.study WHERE queue = $1 AND state = 'set aside' ORDER BY finished",
      [this.name],
    );
    return rows.map((row) => ({ study: String(row['study']), why: String(row['why']) }));
  }

  async close(): Promise<void> {
    await close(this.boss, this.database);
  }

  private async record(
    id: string,
    study: string,
    { state, why, notes, seconds }: StudyOutcome,
  ): Promise<void> {
    await this.database.executeSql(
      `INSERT INTO myelon.study (job, queue, study, state, why, notes, seconds) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (job) DO NOTHING`,
      [id, this.name, study, state, why ?? null, JSON.stringify(notes ?? []), seconds],
    );
  }

  private async setAsideFailed(): Promise<void> {
    const { rows } = await this.database.executeSql(
      `SELECT id, data->>'study' AS study, output->>'why' AS why FROM myelon_queue.job j
       WHERE name = $1 AND state = 'failed' AND NOT EXISTS (SELECT 1 FROM myelon.study s WHERE s.job = j.id)`,
      [this.name],
    );
    for (const row of rows) {
      const why = `${String(retryLimit + 1)} tries, the last: ${String(row['why'] ?? 'no answer')}`;
      await this.record(String(row['id']), String(row['study']), { state: 'set aside', why, seconds: 0 });
    }
  }
}

async function close(boss: PgBoss, database: Database): Promise<void> {
  await boss.stop({ graceful: false, close: false, wait: false });
  await database.close();
}

async function installationOf(database: Database): Promise<string> {
  await database.executeSql('INSERT INTO myelon.installation (id) VALUES ($1) ON CONFLICT DO NOTHING', [
    randomUUID(),
  ]);
  const { rows } = await database.executeSql('SELECT id FROM myelon.installation');
  return String(rows[0]?.['id']);
}

/** Two processes that start at once must not make the same table at once. */
async function alone(database: Database, text: string): Promise<void> {
  await database.executeSql(`BEGIN; SELECT pg_advisory_xact_lock(1296651084); ${text} COMMIT;`);
}
