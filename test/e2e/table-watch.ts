import type { Page } from 'playwright-core';

interface TableWatch {
  released: number;
  followed: Promise<number>;
}

/** Starts a clock when the mouse button is let go, which stops when the metrics table says something else. */
export async function watchTable(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watch: TableWatch = { released: Number.NaN, followed: Promise.resolve(0) };
    window.addEventListener(
      'pointerup',
      () => {
        watch.released = performance.now();
      },
      { capture: true, once: true },
    );
    watch.followed = new Promise((resolve, reject) => {
      setTimeout(() => {
        reject(new Error('the table did not follow'));
      }, 30_000);
      const observer = new MutationObserver(() => {
        if (Number.isNaN(watch.released)) return;
        observer.disconnect();
        resolve(performance.now() - watch.released);
      });
      const table = document.querySelector('.myelon-section[data-section="metrics"]');
      observer.observe(table ?? document.body, { subtree: true, characterData: true, childList: true });
    });
    (globalThis as unknown as { tableWatch: TableWatch }).tableWatch = watch;
  });
}

export function tableFollowed(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { tableWatch: TableWatch }).tableWatch.followed);
}
