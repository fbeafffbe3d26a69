import type { Browser, Page } from 'playwright-core';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { launchBrowser, needsChromium, watchPage, type PageWatch } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { smallestPlugins, startSite, type PluginTexts, type SiteServer } from '../support/site-server';
import { storeInstances } from '../support/store-instances';

const site = {
  name: 'Myelon test',
  sources: [{ name: 'archive', friendlyName: 'Archive', url: 'embedded', write: true }],
  defaultSource: 'archive',
};

describeNeeding('the page of the viewer in Chromium', [needsChromium()], () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());

  async function open(server: SiteServer, path = '/'): Promise<{ page: Page; watch: PageWatch }> {
    const page = await browser.newPage();
    const watch = watchPage(page, server.url);
    await page.goto(server.url + path);
    return { page, watch };
  }

  describe('with working plugins', () => {
    let server: SiteServer;
    beforeAll(async () => {
      server = await startSite(site);
      const files = phantomDicomFiles(cervicalCordPhantom({ size: 'small' }), {
        encoding: 'classic',
        study: { patientName: 'Page^Test' },
      });
      await storeInstances(
        `${server.url}/dicom-web/archive`,
        files.map((file) => file.bytes),
      );
    }, 120_000);
    afterAll(() => server.stop());

    test('the study list opens, stays on its origin and keeps the policy', async () => {
      const { page, watch } = await open(server);
      await page.getByText('Page, Test').or(page.getByText('Page^Test')).first().waitFor({ timeout: 60_000 });
      expect(await page.title()).toBe('Myelon test');
      expect(watch).toEqual({
        foreignRequests: [],
        errors: [],
        exceptions: [],
        policyViolations: [],
        failedResponses: [],
      });
      await page.close();
    }, 90_000);

    test('the page is isolated, and can make code from text nowhere', async () => {
      const { page } = await open(server);
      expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
      // In a timer: the debugger itself is free of the policy while it evaluates.
      const made = await page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            setTimeout(() => {
              try {
                new Function('return 1')();
                resolve('made');
              } catch (error) {
                resolve((error as Error).name);
              }
            }, 0);
          }),
      );
      expect(made).toBe('EvalError');
      await page.close();
    }, 60_000);

    test('a study opens and images are drawn', async () => {
      const studies = await (await fetch(`${server.url}/dicom-web/archive/studies`)).json();
      const uid = (studies as { '0020000D': { Value: string[] } }[])[0]!['0020000D'].Value[0]!;
      const { page, watch } = await open(server, `/viewer/archive?StudyInstanceUIDs=${uid}`);
      await page.locator('canvas').first().waitFor({ timeout: 90_000 });
      await page.getByText('T2 TSE sagittal').first().waitFor({ timeout: 60_000 });
      expect(watch.foreignRequests).toEqual([]);
      expect(watch.policyViolations).toEqual([]);
      expect(watch.exceptions).toEqual([]);
      await page.close();
    }, 180_000);
  });

  describe.each([
    ['is missing', 'extension.js', null],
    ['throws', 'extension.js', 'throw new Error("broken on purpose"); export default {};'],
    ['is something else', 'extension.js', 'export default { id: "another" };'],
  ])('when the extension %s', (_how, name, text) => {
    let server: SiteServer;
    beforeAll(async () => {
      server = await startSite(site, { plugins: changed(name, text) });
    }, 60_000);
    afterAll(() => server.stop());

    test('the page says what failed and what to do', async () => {
      const { page } = await open(server);
      const message = page.getByRole('alert');
      await message.waitFor({ timeout: 60_000 });
      const said = await message.innerText();
      expect(said).toContain('@myelon/extension-cervical-myelopathy');
      expect(said).toContain('npm run build');
      await page.close();
    }, 90_000);
  });

  test('without the mode the rest works, and the page says what is missing', async () => {
    const server = await startSite(site, { plugins: changed('mode.js', null) });
    const { page } = await open(server);
    const notice = page.getByRole('alert').filter({ hasText: 'Cervical myelopathy' });
    await notice.waitFor({ timeout: 60_000 });
    await page.getByText('Study list', { exact: false }).first().waitFor({ timeout: 60_000 });
    await notice.getByRole('button', { name: 'Close' }).click();
    expect(await notice.count()).toBe(0);
    await page.close();
    await server.stop();
  }, 120_000);
});

function changed(name: string, text: string | null): PluginTexts {
  const others = Object.entries(smallestPlugins).filter(([other]) => other !== name);
  return { ...Object.fromEntries(others), ...(text === null ? {} : { [name]: text }) };
}
