import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import { noiseSource } from '@myelon/diffusion';
import { analyzeCohort, readCohortCsv } from '@myelon/prognosis';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, needsChromium, watchPage, type PageWatch } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { startViewer, type RunningViewer } from '../support/viewer';

jest.setTimeout(600_000);

const SCREENSHOTS = resolve(__dirname, '../output/cohort');
const LONG = { timeout: 240_000 };

function cohortCsv(n: number): string {
  const noise = noiseSource(71);
  const rows = Array.from({ length: n }, (_, i) => {
    const good = noise.uniform() < 0.65;
    const sign = good ? 1 : -1;
    const fa = Math.min(0.95, Math.max(0.05, 0.42 + 0.05 * sign + 0.08 * noise.normal()));
    const f = Math.max(0.6, 9.5 + 0.8 * sign + 2 * noise.normal());
    const post = good ? 14 + Math.floor(4 * noise.uniform()) : 10 + Math.floor(3 * noise.uniform());
    return `P${String(i)},10,${String(post)},${fa.toFixed(3)},${f.toFixed(2)}`;
  });
  return ['subject_id,pre_mjoa_total,post_mjoa_total,fa,ivim_f_pct', ...rows].join('\n');
}

describeNeeding('the cohort page of the viewer', [needsChromium()], () => {
  let viewer: RunningViewer;
  let browser: Browser;
  let page: Page;
  let watch: PageWatch;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    viewer = await startViewer({ timeoutMs: 540_000 });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    watch = watchPage(page, viewer.url);
    await page.goto(`${viewer.url}/myelon/cohort`);
    await page.getByRole('heading', { name: 'Cohort', level: 1 }).waitFor(LONG);
  });
  afterAll(async () => {
    await browser.close();
    await viewer.stop();
  });

  const give = (name: string, text: string) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const shot = (name: string) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: false });

  it('analyses a file and shows the figures the library computes', async () => {
    const text = cohortCsv(90);
    await give('site.csv', text);
    await page.getByRole('heading', { name: 'Results of site.csv' }).waitFor(LONG);
    await shot('results');
    const expected = await analyzeCohort(readCohortCsv(text, { where: 'site.csv' }), { replicates: 20 });
    const article = page.getByRole('article');
    expect(await article.textContent()).toContain(`FA: AUC ${expected.roc.fa?.auc.toFixed(3) ?? ''}`);
    expect(await article.textContent()).toContain(expected.verdict.words);
    expect(await article.textContent()).toContain(expected.sample_size.words);
    const plots = await page
      .locator('figure svg')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')?.split('.')[0]));
    expect(plots).toEqual([
      'ROC curves',
      'Calibration of the derived score',
      'Decision curve',
      'FA and recovery',
      'f and recovery',
    ]);
    await page.locator('figure').nth(2).scrollIntoViewIfNeeded();
    await shot('plots');
    await page.getByRole('heading', { name: 'Model performance and updating' }).scrollIntoViewIfNeeded();
    await shot('tables');
  });

  it('exports JSON, CSV, Markdown and PDF', async () => {
    const saved = async (button: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download', LONG),
        page.getByRole('button', { name: button }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const json = await saved('JSON');
    expect(json.name).toBe('cohort-site.json');
    expect((JSON.parse(json.bytes.toString()) as { n: number }).n).toBe(90);
    expect((await saved('Predictions (CSV)')).bytes.toString().split('\n')).toHaveLength(92);
    expect((await saved('Report (Markdown)')).bytes.toString()).toMatch(/^# Cohort report/);
    const pdf = await saved('Report (PDF)');
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('has no serious accessibility faults, asks no other host and breaks no policy', async () => {
    // Not as a script of the page, which its policy forbids.
    await page.evaluate(axe.source);
    const faults = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run('.myelon-cohort');
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
    });
    expect(faults).toEqual([]);
    expect(watch.foreignRequests).toEqual([]);
    expect(watch.exceptions).toEqual([]);
    expect(watch.policyViolations).toEqual([]);
  });

  it('refuses in words, by row and column, and goes on', async () => {
    await give('broken.csv', 'subject_id,pre_mjoa_total,post_mjoa_total,fa\nA,10,14,41\nB,12,13,33');
    const alert = page.getByRole('alert').filter({ hasText: 'Cannot be analysed' });
    await alert.waitFor(LONG);
    expect(await alert.textContent()).toMatch(/row 2, column fa: FA 41/);
    await shot('refused');
  });

  it('shows progress of a large cohort and stops when asked to', async () => {
    await give('large.csv', cohortCsv(60_000));
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor(LONG);
    await page.getByText(/Analysing large\.csv: [1-9]\d* %/).waitFor(LONG);
    await shot('working');
    await cancel.click();
    await cancel.waitFor({ state: 'detached', timeout: 10_000 });
    expect(await page.getByRole('article').count()).toBe(0);
  });
});
