/** Longest time, in ms, that work runs without letting messages (a cancel) in. */
const LONGEST_MS = 50;

/**
 * Lets other work run now and then.
 * @returns a function to await often: it throws the reason of `signal` when aborted, and yields when time is up
 */
export function breathing(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - since < LONGEST_MS) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    since = performance.now();
    signal?.throwIfAborted();
  };
}
