/** A right to send that ends by itself, kept where every tab of an origin sees it. */
export interface LeaseBook {
  /** Takes or renews the lease unless another holder has it now. */
  take(holder: string, untilMs: number, nowMs: number): Promise<boolean>;
  giveBack(holder: string): Promise<void>;
}

const LOCK = 'myelon-outbox';
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

/**
 * Runs `work` unless another tab of this origin is sending; then gives null at once. By Web Locks, which a browser
 * gives back however a tab ends; where they are missing (pages without a secure connection) by a lease that runs out.
 */
export async function asOneSender<Value>(
  locks: LockManager | undefined,
  book: LeaseBook,
  work: () => Promise<Value>,
): Promise<Value | null> {
  if (locks)
    return locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : Promise.resolve(null)));
  const holder = Array.from(crypto.getRandomValues(new Uint32Array(4))).join('-');
  const take = () => book.take(holder, Date.now() + LEASE_MS, Date.now());
  if (!(await take())) return null;
  const renewing = setInterval(() => void take().catch(() => undefined), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await book.giveBack(holder);
  }
}
