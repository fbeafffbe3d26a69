import type { Browser, Page } from 'playwright-core';
import { parsePart10, string, Tag } from '@myelon/dicom';
import type { DiffusionVolume } from '@myelon/diffusion';
import { niftiOrientedGrid, writeFslGradientTable } from '@myelon/nifti';
import { cervicalCordPhantom, diffusionVolumeToDicom, simulatedStudy, type DicomFile } from '@myelon/phantom';
import { launchBrowser, needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { storeInstances } from '../support/store-instances';
import { startViewer, type RunningViewer } from '../support/viewer';
import { ReadingPage } from './reading-page';

jest.setTimeout(600_000);

const phantom = cervicalCordPhantom({ seed: 77, snr: 30, size: 'small' });

function volumesOf(volume: DiffusionVolume, wanted: (bValue: number) => boolean): DiffusionVolume {
  const kept = [...Array(volume.gradients.count).keys()].filter((at) => wanted(volume.gradients.bValue(at)));
  const size = volume.signal.length / volume.gradients.count;
  const signal = new Float32Array(kept.length * size);
  kept.forEach((from, to) => {
    signal.set(volume.signal.subarray(from * size, (from + 1) * size), to * size);
  });
  return { ...volume, signal, gradients: volume.gradients.select(kept), sources: [] };
}

/** One acquisition as some scanners send it: the b0 images in a series of their own. */
function b0Apart(): DicomFile[] {
  const study = simulatedStudy(771, { patientName: 'Apart^Bzero' });
  const series = (wanted: (bValue: number) => boolean, description: string, seriesNumber: number) =>
    diffusionVolumeToDicom(volumesOf(phantom.dti, wanted), study, {
      encoding: 'classic',
      description,
      seriesNumber,
      folder: description,
    });
  return [...series((b) => b === 0, 'DTI b0', 5), ...series((b) => b > 0, 'DTI directions', 6)];
}

describeNeeding('the data section', [needsChromium()], () => {
  let viewer: RunningViewer;
  let browser: Browser;
  let page: Page;
  let reading: ReadingPage;
  const section = () => page.locator('[data-section="data"]');
  const settled = () => reading.sectionIs('data', ['done', 'needs-look', 'failed']);

  beforeAll(async () => {
    viewer = await startViewer();
    const files = b0Apart().map(({ bytes }) => bytes);
    await storeInstances(`${viewer.url}/dicom-web/archive`, files);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    reading = new ReadingPage(page, 'data section');
    const study = string(parsePart10(files[0]!, 'first').dataset, Tag.StudyInstanceUID)!;
    await reading.openDirectly(viewer.url, study);
  });
  afterAll(async () => {
    await browser.close();
    await viewer.stop();
  });

  it('joins series that only together can be fitted, and shows their directions', async () => {
    expect(await settled()).toBe('needs-look');
    await expect(section().textContent()).resolves.toMatch(/DTI b0.*\+.*DTI directions/);
    await expect(section().textContent()).resolves.toMatch(/30 directions b 800, 5 b0/);
    await section().getByText('Gradient table', { exact: true }).click();
    expect(await section().locator('.myelon-sphere-point').count()).toBe(30);
    await reading.shot('1 joined');
  });

  it('reads them apart and together again as the reader asks', async () => {
    await reading.press('Read apart');
    await section().getByText('series 5 "DTI b0"', { exact: true }).first().waitFor();
    expect(await settled()).toBe('failed');
    await reading.shot('2 apart');
    await section().getByText('Read series as one').click();
    for (const box of await section().locator('input[type="checkbox"]').all()) await box.check();
    await reading.press('Read as one');
    await section().getByText('30 directions b 800, 5 b0').first().waitFor();
    expect(await settled()).toBe('needs-look');
  });

  it('refuses a gradient table that does not fit, and takes one that does and says so', async () => {
    const { dti } = phantom;
    const order = volumesOf(dti, (b) => b === 0).gradients.count;
    const table = dti.gradients.select([
      ...dti.gradients.b0Volumes().slice(0, order),
      ...[...Array(dti.gradients.count).keys()].filter((at) => dti.gradients.bValue(at) > 0),
    ]);
    const files = writeFslGradientTable(table, niftiOrientedGrid(dti.grid));
    const give = async (bval: string) => {
      const [first, second] = await section().locator('input[type="file"]').all();
      await first!.setInputFiles({ name: 'given.bval', mimeType: 'text/plain', buffer: Buffer.from(bval) });
      await second!.setInputFiles({
        name: 'given.bvec',
        mimeType: 'text/plain',
        buffer: Buffer.from(files.bvec),
      });
      await reading.press('Use these files');
    };
    await section().getByText('Replace the gradient table').click();
    await give('0 800');
    await section().getByRole('alert').first().waitFor();
    await reading.shot('3 refused');
    await expect(section().textContent()).resolves.toMatch(/30 directions b 800, 5 b0/);

    await give(files.bval.replaceAll('800', '700'));
    await section().getByText('30 directions b 700, 5 b0').first().waitFor();
    await section()
      .getByText(/gradient table replaced: b-values from given\.bval/)
      .waitFor();
    expect(await section().getByRole('alert').count()).toBe(0);
    await reading.shot('4 replaced');
  });
});
