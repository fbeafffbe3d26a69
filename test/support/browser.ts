import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Need } from './needs';

const candidates = [
  process.env['MYELON_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

function chromiumPath(): string | undefined {
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** As a need of `describeNeeding`. */
export function needsChromium(): Need {
  return chromiumPath() ? null : 'Chromium is not installed (set MYELON_CHROMIUM)';
}

/** A headless Chromium with software rendering. Close it in `afterAll`. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('Chromium is not installed (set MYELON_CHROMIUM)');
  return chromium.launch({ executablePath, args, headless: true });
}

/** What a page did that it should not have done. Filled while the page lives. */
export interface PageWatch {
  /** Requests that left the page's own origin. */
  readonly foreignRequests: string[];
  /** Lines the browser or the page wrote to the console as errors. */
  readonly errors: string[];
  /** Uncaught exceptions. */
  readonly exceptions: string[];
  /** Breaches of the content security policy, of the page and of its workers. */
  readonly policyViolations: string[];
  /** Responses of the own origin with status 400 and up: "404 /path". */
  readonly failedResponses: string[];
}

/** Watches a page from before its first navigation. `origin` as in `http://127.0.0.1:1234`. */
export function watchPage(page: Page, origin: string): PageWatch {
  const watch: PageWatch = {
    foreignRequests: [],
    errors: [],
    exceptions: [],
    policyViolations: [],
    failedResponses: [],
  };
  page.on('request', (request) => {
    const url = new URL(request.url());
    const local = url.protocol === 'blob:' || url.protocol === 'data:' || url.origin === origin;
    if (!local) watch.foreignRequests.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    watch.errors.push(message.text());
    if (message.text().includes('Content Security Policy')) watch.policyViolations.push(message.text());
  });
  page.on('pageerror', (error) => {
    watch.exceptions.push(error.message);
    if (error.name === 'EvalError') watch.policyViolations.push(error.message);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && response.url().startsWith(origin)) {
      watch.failedResponses.push(`${String(response.status())} ${new URL(response.url()).pathname}`);
    }
  });
  return watch;
}
