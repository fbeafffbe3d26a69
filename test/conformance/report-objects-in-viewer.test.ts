import type { Browser, Page } from 'playwright-core';
import { launchBrowser, needsChromium, watchPage } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { smallestPlugins, startSite, type SiteServer } from '../support/site-server';
import { storeInstances } from '../support/store-instances';
import { voxelsOf } from './report-objects-parts';
import { sampleObjects, type SampleObjects } from './report-objects-sample';

/** What the viewer's own services tell of a display set. */
interface ShownReport {
  readonly measurements: number;
  readonly placed: number;
  readonly labels: number;
}

declare global {
  interface Window {
    /** The viewer's services, as the viewer itself publishes them. */
    readonly services: {
      readonly displaySetService: { getActiveDisplaySets(): ViewerDisplaySet[] };
    };
  }
}

interface ViewerDisplaySet {
  readonly Modality: string;
  readonly measurements?: readonly { loaded: boolean; labels: unknown[] }[];
  readonly referencedDisplaySetInstanceUID?: string;
  readonly labelMapImages?: readonly { voxelManager: { getScalarData(): ArrayLike<number> } }[];
  load(options?: unknown): Promise<unknown>;
}

const site = {
  name: 'Myelon test',
  sources: [{ name: 'archive', friendlyName: 'Archive', url: 'embedded', write: true }],
  defaultSource: 'archive',
};

/** In the viewer as it comes, without our handlers: what a site without Myelon sees of our objects. */
describeNeeding('report objects in the unmodified viewer', [needsChromium()], () => {
  let browser: Browser;
  let server: SiteServer;
  let objects: SampleObjects;
  let page: Page;
  let exceptions: readonly string[];

  beforeAll(async () => {
    server = await startSite(site, { plugins: smallestPlugins });
    objects = sampleObjects({ columns: 33, rows: 31, slices: 6, encoding: 'classic' });
    await storeInstances(`${server.url}/dicom-web/archive`, [
      ...objects.sourceFiles,
      objects.segmentation,
      objects.report,
    ]);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    exceptions = watchPage(page, server.url).exceptions;
    const study = String(objects.source['0020000D']?.Value?.[0]);
    await page.goto(`${server.url}/cervical-myelopathy?StudyInstanceUIDs=${study}`);
    await page.waitForFunction(
      () => window.services?.displaySetService.getActiveDisplaySets().length === 3,
      null,
      { timeout: 120_000 },
    );
    await page.locator('canvas').first().waitFor({ timeout: 120_000 });
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('the report loads, and its regions lie on the images', async () => {
    const shown = await page.evaluate(async (): Promise<ShownReport> => {
      const report = window.services.displaySetService
        .getActiveDisplaySets()
        .find(({ Modality }) => Modality === 'SR');
      await report?.load();
      const measurements = report?.measurements ?? [];
      return {
        measurements: measurements.length,
        placed: measurements.filter(({ loaded }) => loaded).length,
        labels: Math.min(...measurements.map(({ labels }) => labels.length)),
      };
    });
    expect(shown).toMatchObject({ measurements: 2, placed: 2 });
    expect(shown.labels).toBeGreaterThan(8);
    expect(exceptions).toEqual([]);
  }, 120_000);

  test('the segmentation loads onto the source series with every voxel', async () => {
    const found = await page.evaluate(async () => {
      const segmentation = window.services.displaySetService
        .getActiveDisplaySets()
        .find(({ Modality }) => Modality === 'SEG');
      await segmentation?.load({ headers: {} });
      const images = segmentation?.labelMapImages ?? [];
      const counts = images.flat().map((image) => {
        const data = Array.from(image.voxelManager.getScalarData());
        return [1, 2].map((label) => data.filter((value) => value === label).length);
      });
      return {
        onto: segmentation?.referencedDisplaySetInstanceUID,
        first: counts.reduce((sum, [count = 0]) => sum + count, 0),
        second: counts.reduce((sum, [, count = 0]) => sum + count, 0),
      };
    });
    const [whole, level] = objects.segments.map((segment) => voxelsOf(segment).length);
    expect(found.onto).toBeDefined();
    expect([found.first, found.second]).toEqual([whole, level]);
    expect(exceptions).toEqual([]);
  }, 120_000);
});
