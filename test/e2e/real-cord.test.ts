import type { Browser } from 'playwright-core';
import { parsePart10, string, Tag } from '@myelon/dicom';
import { launchBrowser, needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { niftiDiffusionToDicom } from '../support/nifti-to-dicom';
import { needsSharedData, sharedData } from '../support/shared-data';
import { storeInstances } from '../support/store-instances';
import { startViewer, type RunningViewer } from '../support/viewer';
import { ReadingPage } from './reading-page';

const DATA = 'cord_dti_sct_tutorial';

describeNeeding('a real cervical cord in the viewer', [needsChromium(), needsSharedData(DATA)], () => {
  let viewer: RunningViewer;
  let browser: Browser;

  beforeAll(async () => {
    viewer = await startViewer();
    browser = await launchBrowser();
  }, 600_000);

  afterAll(async () => {
    await browser.close();
    await viewer.stop();
  }, 60_000);

  it('comes out with the FA of a healthy cord, and says what is missing', async () => {
    const files = niftiDiffusionToDicom(
      {
        image: sharedData(DATA, 'dmri.nii.gz'),
        bval: sharedData(DATA, 'bvals.txt'),
        bvec: sharedData(DATA, 'bvecs.txt'),
      },
      { encoding: 'classic', name: 'DTI of a real cord' },
    ).map(({ bytes }) => bytes);
    for (let at = 0; at < files.length; at += 100) {
      await storeInstances(`${viewer.url}/dicom-web/archive`, files.slice(at, at + 100));
    }
    const study = string(parsePart10(files[0]!, 'first').dataset, Tag.StudyInstanceUID)!;
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    const reading = new ReadingPage(page, 'real cord');
    await reading.openDirectly(viewer.url, study);
    expect(await reading.sectionIs('data', ['done', 'needs-look', 'failed'])).toBe('needs-look');
    await reading.next();
    await reading.sectionIs('cord', ['done', 'needs-look']);
    await reading.next();
    await reading.sectionIs('metrics', ['done']);
    await reading.shot('1 fitted');
    // The note on these data: FA .74 to .77 by the rule at the edge, MD .8e-3, AD 1.77e-3, RD .35e-3 mm2/s.
    expect(Math.abs((await reading.tableValue('whole-cord', 'fa')) - 0.75)).toBeLessThan(0.05);
    expect(Math.abs((await reading.tableValue('whole-cord', 'md')) - 820)).toBeLessThan(100);
    expect(await reading.tableValue('whole-cord', 'ad')).toBeGreaterThan(
      4 * (await reading.tableValue('whole-cord', 'rd')),
    );
    expect(await page.locator('tr[data-region="whole-cord"] td[title*="no IVIM"]').count()).toBeGreaterThan(
      0,
    );
    await page.close();
  }, 600_000);
});
