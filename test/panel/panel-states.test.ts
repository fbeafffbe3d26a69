import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser';

const ROOT = path.resolve(__dirname, '../..');
const OUTPUT = path.join(ROOT, 'test/output/panel');
const SCREENS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const STATES = [
  'no diffusion',
  'reading headers',
  'data read',
  'ivim missing',
  'outline to check',
  'fitting',
  'fitted',
  'outline edited',
  'compression marked',
  'statement',
  'statement with score',
  'metrics without ivim',
  'saved',
  'waiting',
  'refused',
];

let browser: Browser;
const GALLERY = path.join(OUTPUT, 'gallery.html');

beforeAll(async () => {
  mkdirSync(OUTPUT, { recursive: true });
  await build({
    entryPoints: [path.join(ROOT, 'extensions/cervical-myelopathy/src/panels/gallery/gallery-page.tsx')],
    bundle: true,
    outdir: OUTPUT,
    jsx: 'automatic',
    logLevel: 'silent',
  });
  writeFileSync(
    GALLERY,
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Panel</title>' +
      '<link rel="stylesheet" href="gallery-page.css"><body style="background:#000">' +
      '<script src="gallery-page.js"></script></body></html>',
  );
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser.close();
});

describe.each(SCREENS)('the panel at $width x $height', (viewport) => {
  it.each(STATES)(
    'shows "%s" without serious accessibility faults or errors',
    async (state) => {
      const page = await browser.newPage({ viewport });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${pathToFileURL(GALLERY).href}#${encodeURIComponent(state)}`);
      await page.waitForSelector('.myelon-run');
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      await page.screenshot({
        path: path.join(OUTPUT, `${state.replaceAll(' ', '-')}-${String(viewport.width)}.png`),
      });
      await page.addScriptTag({ content: axe.source });
      const faults = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run('main');
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
      });
      expect(faults).toEqual([]);
      expect(errors).toEqual([]);
      const overflow = await page.evaluate(() => {
        const panel = document.querySelector('.myelon-sections');
        return panel ? panel.scrollWidth - panel.clientWidth : -1;
      });
      expect(overflow).toBe(0);
      await page.close();
    },
    60_000,
  );
});
