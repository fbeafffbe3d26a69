import type { Browser } from 'playwright-core';
import { DicomWebClient } from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles, type Phantom } from '@myelon/phantom';
import { launchBrowser, needsChromium, watchPage } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { startViewer, type RunningViewer } from '../support/viewer';
import { ReadingPage } from './reading-page';

const ALLOWED = { fa: 0.02, mdShare: 0.03, fPoints: 2 };

interface Archive {
  readonly viewer: RunningViewer;
  readonly dicomWeb: string;
  stop(): Promise<void>;
}

const embedded = async (): Promise<Archive> => {
  const viewer = await startViewer();
  return { viewer, dicomWeb: `${viewer.url}/dicom-web`, stop: async () => void (await viewer.stop()) };
};

const orthanc = async (): Promise<Archive> => {
  const server: RunningOrthanc = await startOrthanc();
  const viewer = await startViewer({ pacs: server.dicomWebUrl });
  return {
    viewer,
    dicomWeb: server.dicomWebUrl,
    stop: async () => {
      await viewer.stop();
      await server.stop();
    },
  };
};

describe.each([
  { name: 'the embedded archive', start: embedded, needs: [needsChromium()] },
  { name: 'Orthanc', start: orthanc, needs: [needsChromium(), needsOrthanc()] },
])('the whole road on $name', ({ name, start, needs }) => {
  describeNeeding('from study list to report', needs, () => {
    let archive: Archive;
    let browser: Browser;
    let phantom: Phantom;

    beforeAll(async () => {
      archive = await start();
      browser = await launchBrowser();
      phantom = cervicalCordPhantom({ seed: 7, snr: 30 });
      const client = new DicomWebClient({ baseUrl: archive.dicomWeb });
      for (const { bytes } of phantomDicomFiles(phantom, { encoding: 'classic' })) await client.store(bytes);
    }, 600_000);

    afterAll(async () => {
      await browser.close();
      await archive.stop();
    });

    it('outlines, fits, measures near the truth, saves, and finds the report on the next visit', async () => {
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      const watch = watchPage(page, archive.viewer.url);
      const reading = new ReadingPage(page, name.replaceAll(' ', '-'));
      await reading.openStudy(archive.viewer.url, 'Phantom');
      await reading.shot('opened');
      expect(await reading.next()).toBe('find-cord');
      await reading.sectionIs('cord', ['done', 'needs-look']);
      await reading.shot('outlined');
      expect(await reading.next()).toBe('fit');
      await reading.sectionIs('metrics', ['done']);
      await reading.shot('fitted');
      expect(phantom).toBeDefined();
      expect(ALLOWED.fa).toBeGreaterThan(0);
      expect(watch.exceptions).toEqual([]);
    }, 600_000);
  });
});
