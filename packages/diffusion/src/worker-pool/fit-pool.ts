import { InputRefused } from '../data/refusal';
import type { FitPart, FitRunner } from '../fitting/fit-runner';
import { buffersIn, type FromWorker, type PoolWorker } from './pool-messages';

/** How often a part is started before it counts as lost: again once, for a worker may die of something else. */
const ATTEMPTS = 2;

interface Job {
  readonly part: () => FitPart;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (why: unknown) => void;
  attempts: number;
}

interface Member {
  readonly worker: PoolWorker;
  /** What it is doing. */
  job: Job | null;
  id: number;
}

/**
 * Fits parts of series in workers, the same for web workers and worker threads. Workers start when there is work for them. A
 * part is made only when a worker is free, so that no more parts than workers are in memory.
 */
export class FitPool implements FitRunner {
  private readonly members: Member[] = [];
  private readonly waiting: Job[] = [];
  private readonly heeded = new Map<AbortSignal, { jobs: Set<Job>; stop: () => void }>();
  private nextId = 0;
  private closed = false;

  /**
   * @param spawn starts a worker that runs `serveFits`
   * @param size most workers at a time, at least 1
   */
  constructor(
    private readonly spawn: () => PoolWorker,
    readonly size: number,
  ) {}

  run(part: () => FitPart, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      if (this.closed) {
        reject(new Error('the pool of workers has ended'));
        return;
      }
      const job: Job = { part, signal, resolve, reject, attempts: 0 };
      this.heed(job);
      this.waiting.push(job);
      this.dispatch();
    });
  }

  /** Listens to the signal of a job; once to that of many. */
  private heed(job: Job): void {
    const { signal } = job;
    if (!signal) return;
    const others = this.heeded.get(signal);
    if (others) {
      others.jobs.add(job);
      return;
    }
    const jobs = new Set([job]);
    const stop = (): void => {
      for (const one of [...jobs]) this.cancel(one);
    };
    this.heeded.set(signal, { jobs, stop });
    signal.addEventListener('abort', stop, { once: true });
  }

  /** Ends all workers; fits under way reject. */
  close(): void {
    this.closed = true;
    for (const { worker } of this.members) worker.terminate();
    const jobs = [...this.waiting.splice(0), ...this.members.flatMap(({ job }) => job ?? [])];
    this.members.length = 0;
    for (const job of jobs) this.settle(job, () => job.reject(new Error('the pool of workers has ended')));
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const member = this.members.find(({ job }) => job === null) ?? this.start();
      if (!member) return;
      const job = this.waiting.shift();
      if (!job) return;
      this.give(member, job);
    }
  }

  private give(member: Member, job: Job): void {
    member.job = job;
    member.id = this.nextId++;
    job.attempts++;
    try {
      const part = job.part();
      member.worker.post({ kind: 'fit', id: member.id, part }, [...buffersIn(part.signal)]);
    } catch (error) {
      member.job = null;
      this.settle(job, () => job.reject(error));
    }
  }

  private start(): Member | null {
    if (this.members.length >= this.size) return null;
    const member: Member = { worker: this.spawn(), job: null, id: -1 };
    this.members.push(member);
    member.worker.listen((message) => {
      this.take(member, message);
    });
    member.worker.onDeath((why) => {
      this.bury(member, why);
    });
    return member;
  }

  private take(member: Member, message: FromWorker): void {
    const { job } = member;
    if (message.id !== member.id) return;
    member.job = null;
    // A cancelled job has been settled; its worker is free only now.
    if (job && !job.signal?.aborted) this.settle(job, () => conclude(job, message));
    this.dispatch();
  }

  private bury(member: Member, why: string): void {
    const at = this.members.indexOf(member);
    if (at < 0) return;
    this.members.splice(at, 1);
    const { job } = member;
    if (job && !job.signal?.aborted) {
      if (job.attempts < ATTEMPTS) this.waiting.unshift(job);
      else
        this.settle(job, () => job.reject(new Error(`a worker was lost twice at the same voxels: ${why}`)));
    }
    this.dispatch();
  }

  private cancel(job: Job): void {
    const at = this.waiting.indexOf(job);
    if (at >= 0) this.waiting.splice(at, 1);
    const member = this.members.find((one) => one.job === job);
    member?.worker.post({ kind: 'cancel', id: member.id }, []);
    this.settle(job, () => job.reject(job.signal?.reason));
  }

  private settle(job: Job, how: () => void): void {
    const { signal } = job;
    const heeded = signal && this.heeded.get(signal);
    if (heeded) {
      heeded.jobs.delete(job);
      if (heeded.jobs.size === 0) {
        signal.removeEventListener('abort', heeded.stop);
        this.heeded.delete(signal);
      }
    }
    how();
  }
}

function conclude(job: Job, message: FromWorker): void {
  switch (message.kind) {
    case 'done':
      job.resolve(message.result);
      return;
    case 'refused':
      job.reject(new InputRefused(message.what, message.where, message.whatToDo));
      return;
    case 'failed':
      job.reject(new Error(message.message));
  }
}
