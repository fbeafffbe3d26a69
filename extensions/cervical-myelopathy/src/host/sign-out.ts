import type { BrowserOutboxStorage } from '@myelon/pipeline';

/** What the viewer notes in this browser when somebody signs out, for its other tabs. */
const SIGNED_OUT = 'signoutEvent';
const SIGN_OUT_PATH = /\/logout$/;
const STAYED_AFTER_MS = 2_000;

/**
 * Forgets what the browser keeps once somebody has signed out: the page that opens after that clears it. Before, the
 * browser asks whether to go when objects would be lost by it.
 *
 * @param unsent number of objects that the archive does not have yet, as far as is known
 */
export async function forgetAfterSignOut(
  storage: Pick<BrowserOutboxStorage, 'clear'>,
  unsent: () => number,
): Promise<void> {
  if (isNoted()) {
    await storage.clear();
    localStorage.removeItem(SIGNED_OUT);
  }
  globalThis.addEventListener('beforeunload', (event) => {
    if (unsent() === 0 || !SIGN_OUT_PATH.test(location.pathname)) return;
    event.preventDefault();
    // Runs only when the reader chose to stay: then nobody has signed out.
    setTimeout(() => {
      localStorage.removeItem(SIGNED_OUT);
    }, STAYED_AFTER_MS);
  });
}

function isNoted(): boolean {
  try {
    return localStorage.getItem(SIGNED_OUT) !== null;
  } catch {
    // Blocked storage: then the viewer notes nothing either.
    return false;
  }
}
