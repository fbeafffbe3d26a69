/** Longest stretch of work without letting the page breathe, ms. */
const BREATHE_EVERY = 40;

/** Progress and cancelling of long work on one thread. */
export class Pace {
  private last = performance.now();

  constructor(
    private readonly onProgress: ((fraction: number) => void) | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Reports, gives way to others now and then, and stops when asked to.
   * @param done share of all work done, 0 to 1
   * @throws AbortError (or the reason given) when the signal is aborted
   */
  async at(done: number): Promise<void> {
    this.signal?.throwIfAborted();
    if (performance.now() - this.last < BREATHE_EVERY) return;
    this.onProgress?.(done);
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.signal?.throwIfAborted();
    this.last = performance.now();
  }

  /** The same for a part of the work. */
  between(from: number, to: number): (done: number) => Promise<void> {
    return (done) => this.at(from + done * (to - from));
  }
}
