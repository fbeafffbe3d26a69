import type { Browser, Page } from 'playwright-core';
import { DicomWebClient, number, parsePart10, string, Tag } from '@myelon/dicom';
import type { GradientTable } from '@myelon/diffusion';
import {
  cervicalCordPhantom,
  diffusionVolumeToDicom,
  phantomDicomFiles,
  simulatedStudy,
  type DicomFile,
  type Phantom,
} from '@myelon/phantom';
import { startAwkwardPacs, type AwkwardPacs } from '../support/awkward-pacs';
import { launchBrowser, needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { storeInstances } from '../support/store-instances';
import { startViewer, type RunningViewer } from '../support/viewer';
import { ReadingPage } from './reading-page';

/** Outline, eight maps, report, the level beside the compression, PDF, Key Object. */
const OBJECTS = 13;

jest.setTimeout(600_000);

describeNeeding('when things fail, on Orthanc', [needsChromium(), needsOrthanc()], () => {
  let orthanc: RunningOrthanc;
  let pacs: AwkwardPacs;
  let viewer: RunningViewer;
  let browser: Browser;
  let page: Page;
  let studies = 0;

  beforeAll(async () => {
    orthanc = await startOrthanc();
    pacs = await startAwkwardPacs(orthanc.dicomWebUrl);
    viewer = await startViewer({ pacs: pacs.dicomWebUrl });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await viewer.stop();
    await pacs.stop();
    await orthanc.stop();
  });

  beforeEach(async () => {
    pacs.behave({ kind: 'none' });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
  });

  afterEach(async () => {
    await page.context().close();
  });

  /** Instances in series numbered as only Myelon's are. */
  async function objectsOfMyelon(study: string): Promise<number> {
    const client = new DicomWebClient({ baseUrl: orthanc.dicomWebUrl });
    const series = await client.searchSeries(study, { includefield: ['SeriesNumber'] });
    const uids = series
      .filter((one) => (number(one, '00200011') ?? 0) > 9000)
      .map((one) => string(one, Tag.SeriesInstanceUID)!);
    const instances = await Promise.all(uids.map((uid) => client.searchInstances(study, uid)));
    return instances.flat().length;
  }

  /** Every study of these tests has a seed of its own, hence UIDs of its own. */
  const phantomOf = (): Phantom => cervicalCordPhantom({ seed: 100 + ++studies, snr: 30 });

  async function opened(files: readonly DicomFile[], name: string): Promise<ReadingPage> {
    const bytes = files.map((file) => file.bytes);
    for (let at = 0; at < bytes.length; at += 100) {
      await storeInstances(orthanc.dicomWebUrl, bytes.slice(at, at + 100));
    }
    const reading = new ReadingPage(page, `fails ${name}`);
    const study = string(parsePart10(bytes[0]!, name).dataset, Tag.StudyInstanceUID)!;
    await reading.openDirectly(viewer.url, study);
    return reading;
  }

  it('says that a study holds no diffusion, and what to do', async () => {
    const files = phantomDicomFiles(phantomOf(), { encoding: 'classic', without: ['dti', 'ivim'] });
    const reading = await opened(files, 'no diffusion');
    expect(await reading.sectionIs('data', ['done', 'needs-look', 'failed'])).toBe('failed');
    expect(await page.locator('.myelon-problem').first().textContent()).toMatch(/no diffusion series/);
    expect(await page.locator('.myelon-primary').isDisabled()).toBe(false);
    await reading.shot('1');
  });

  it('says that IVIM is missing, still measures the tensor, and abstains from the statement', async () => {
    const phantom = phantomOf();
    const files = phantomDicomFiles(phantom, { encoding: 'classic', without: ['t2-axial', 'ivim'] });
    const reading = await opened(files, 'no ivim');
    expect(await reading.sectionIs('data', ['done', 'needs-look', 'failed'])).toBe('needs-look');
    expect(await page.locator('[data-section="data"] .myelon-look').first().textContent()).toMatch(/IVIM/);
    await reading.next();
    await reading.sectionIs('cord', ['done', 'needs-look']);
    await reading.next();
    await reading.sectionIs('metrics', ['done']);
    expect(await reading.tableValue('whole-cord', 'fa')).toBeGreaterThan(0.4);
    await reading.press(/^Compression at slice/);
    await reading.open('prognosis');
    await reading.confirmAll();
    await page.locator('[data-prognosis="abstained"]', { hasText: /f is missing/ }).waitFor();
    await reading.shot('2 abstained');
  });

  it.each([
    ['no b0', (volume: number, b: number) => b > 0 && volume >= 0, /b/],
    ['4 directions', (volume: number) => volume < 5, /direction/],
  ] as const)('refuses a tensor from a series with %s, in words', async (name, keep, words) => {
    const { dti } = phantomOf();
    const kept = [...Array(dti.gradients.count).keys()].filter((at) => keep(at, dti.gradients.bValue(at)));
    const size = dti.signal.length / dti.gradients.count;
    const signal = new Float32Array(kept.length * size);
    kept.forEach((from, to) => {
      signal.set(dti.signal.subarray(from * size, (from + 1) * size), to * size);
    });
    const gradients: GradientTable = dti.gradients.select(kept);
    const files = diffusionVolumeToDicom(
      { ...dti, signal, gradients, sources: [] },
      simulatedStudy(900 + ++studies, { patientName: `Few^${name}` }),
      { encoding: 'classic', description: name, seriesNumber: 1, folder: 'dwi' },
    );
    const reading = await opened(files, name);
    expect(await reading.sectionIs('data', ['done', 'needs-look', 'failed'])).toBe('failed');
    const text = (await page.locator('[data-section="data"] .myelon-body').textContent()) ?? '';
    expect(text).toMatch(/not DTI/);
    expect(text).toMatch(words);
    await reading.shot('3');
  });

  it('keeps the work when the archive refuses the report or is away, sends it later, and restores it', async () => {
    const files = phantomDicomFiles(phantomOf(), { encoding: 'enhanced' });
    const study = string(parsePart10(files[0]!.bytes, 'phantom').dataset, Tag.StudyInstanceUID)!;
    const reading = await opened(files, 'refused');
    await reading.next();
    await reading.sectionIs('cord', ['done', 'needs-look']);
    await reading.next();
    await reading.sectionIs('metrics', ['done']);
    await reading.press(/^Compression at slice/);
    await reading.open('prognosis');
    await reading.confirmAll();
    await page.locator('[data-prognosis="statement"]').waitFor();
    const before = await reading.tableValue('compression', 'fa');

    pacs.behave({ kind: 'refuse-store', status: 403 });
    await reading.next();
    expect(await reading.settled('report')).toBe('failed');
    const refused =
      (await page.locator('[data-section="report"] .myelon-problem').first().textContent()) ?? '';
    expect(refused).toMatch(/403|permission/i);
    expect(refused).toMatch(/Nothing is lost/);
    await reading.shot('4 refused');

    pacs.behave({ kind: 'away' });
    await reading.next();
    expect(await reading.settled('report')).toBe('needs-look');
    expect(await page.locator('[data-cy="myelon-outbox-dock"]').textContent()).toMatch(/not sent/);
    await reading.shot('5 away');

    // The tab is closed in the middle of it and the login runs out. Any page of the viewer sends what is left.
    pacs.behave({ kind: 'refuse-store', status: 401 });
    const context = page.context();
    await page.close();
    page = await context.newPage();
    await page.goto(`${viewer.url}/`);
    const dock = page.locator('[data-cy="myelon-outbox-dock"]');
    await dock.getByRole('button', { name: /not sent/ }).click();
    await dock.getByRole('button', { name: 'Sign in' }).waitFor();
    await new ReadingPage(page, 'fails expired').shot('6 outbox');
    pacs.behave({ kind: 'none' });
    await dock.getByRole('button', { name: 'Send all now' }).click();
    await dock.locator('[data-save="sent"]').waitFor();
    expect(await dock.locator('[data-outcome="sent"]').count()).toBe(OBJECTS);
    expect(await objectsOfMyelon(study)).toBe(OBJECTS);

    // Whoever opens the study next sees all of it, without a fit.
    const next = new ReadingPage(page, 'fails restored');
    await next.openDirectly(viewer.url, study);
    await page.locator('[data-restored]').waitFor();
    expect(await next.tableValue('compression', 'fa')).toBe(before);
    await next.open('prognosis');
    await page.locator('[data-prognosis="statement"]').waitFor();
    expect(await next.summary('maps')).toMatch(/Restored from the report/);
    expect(await next.summary('cord')).toMatch(/of \d+ slices/);
    await next.shot('7 restored');
  });

  it('says that the PACS is away when a study is opened, instead of a blank page', async () => {
    pacs.behave({ kind: 'away' });
    await page.goto(`${viewer.url}/`);
    await page.getByText('Data Source Connection Error').waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    await new ReadingPage(page, 'fails away').shot('7');
    await page.goto(`${viewer.url}/cervical-myelopathy?StudyInstanceUIDs=1.2.3`);
    await page.getByText('not available at this time').waitFor();
    await page.getByText('Return to the study list').waitFor();
    await new ReadingPage(page, 'fails away').shot('8');
  });
});
