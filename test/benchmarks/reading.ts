/**
 * From the study list to finished maps on the phantom, in a real browser with software rendering, with its parts.
 * Run with `node --import tsx test/benchmarks/reading.ts` on a quiet machine.
 */
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { startViewer } from '../support/viewer';

const WAIT = { timeout: 180_000 };
const RUNS = 3;

interface Part {
  readonly part: string;
  readonly seconds: number;
}

const viewer = await startViewer({ demo: true });
const browser = await launchBrowser();
try {
  const runs: Part[][] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    runs.push(await reading(page));
    await page.close();
  }
  const table = (runs[0] ?? []).map(({ part }, index) => ({
    part,
    'median s': median(runs.map((parts) => parts[index]?.seconds ?? Number.NaN)).toFixed(2),
    'runs s': runs.map((parts) => parts[index]?.seconds.toFixed(2)).join('  '),
  }));
  console.table(table);
} finally {
  await browser.close();
  await viewer.stop();
}

async function reading(page: Page): Promise<Part[]> {
  const parts: Part[] = [];
  let since = performance.now();
  const lap = (part: string) => {
    const now = performance.now();
    parts.push({ part, seconds: (now - since) / 1000 });
    since = now;
  };
  await page.goto(`${viewer.url}/`);
  const row = page.getByText('Phantom', { exact: false }).first();
  await row.waitFor(WAIT);
  lap('study list');
  await row.click();
  const launch = page.getByRole('button', { name: /Cervical myelopathy/i }).first();
  await launch.waitFor(WAIT);
  since = performance.now();
  const opened = since;
  await launch.click();
  await page.waitForSelector('[data-section="data"][data-state="done"]', WAIT);
  lap('open the study, read headers and gradient tables');
  await page.locator('.myelon-primary').click();
  await page.waitForSelector(
    '[data-section="cord"]:is([data-state="done"], [data-state="needs-look"])',
    WAIT,
  );
  lap('load DTI pixels, outline the cord');
  await page.locator('.myelon-primary').click();
  await page.waitForSelector('[data-section="metrics"][data-state="done"]', WAIT);
  lap('load IVIM pixels, fit, show the map, measure');
  const line = (await page.locator('[data-section="maps"] .myelon-summary').textContent()) ?? '';
  parts.push({ part: 'of which the fits', seconds: Number(/([\d.]+) s$/.exec(line)?.[1]) });
  parts.push({ part: 'opening the study to finished maps', seconds: (performance.now() - opened) / 1000 });
  return parts;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((p, q) => p - q);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
