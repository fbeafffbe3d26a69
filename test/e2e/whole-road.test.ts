import type { Browser } from 'playwright-core';
import {
  DicomWebClient,
  isMyelonReport,
  parsePart10,
  readMeasurementReport,
  readSegmentation,
  string,
  Tag,
} from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles, type Phantom } from '@myelon/phantom';
import { launchBrowser, needsChromium, watchPage } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc } from '../support/orthanc';
import { storeInstances } from '../support/store-instances';
import { truthMean } from '../support/truth';
import { startViewer, type RunningViewer } from '../support/viewer';
import { ReadingPage } from './reading-page';

/** How far a region's mean may lie from the truth at SNR 30. */
const ALLOWED = { fa: 0.02, mdShare: 0.03, fPoints: 2 };

/** From the study list to "confirmed by the archive", as many clicks as a reader is asked for. */
const MOST_ACTIONS = 12;

/** Outline, eight maps, report, the level beside the compression, PDF, Key Object. */
const OBJECTS = 13;

interface Archive {
  readonly viewer: RunningViewer;
  readonly dicomWeb: string;
  stop(): Promise<void>;
}

async function embeddedArchive(): Promise<Archive> {
  const viewer = await startViewer();
  return {
    viewer,
    dicomWeb: `${viewer.url}/dicom-web/archive`,
    stop: async () => {
      await viewer.stop();
    },
  };
}

async function orthancArchive(): Promise<Archive> {
  const orthanc = await startOrthanc();
  const viewer = await startViewer({ pacs: orthanc.dicomWebUrl });
  return {
    viewer,
    dicomWeb: orthanc.dicomWebUrl,
    stop: async () => {
      await viewer.stop();
      await orthanc.stop();
    },
  };
}

describe.each([
  { name: 'the embedded archive', encoding: 'classic', start: embeddedArchive, needs: [needsChromium()] },
  { name: 'Orthanc', encoding: 'enhanced', start: orthancArchive, needs: [needsChromium(), needsOrthanc()] },
] as const)('the whole road on $name, $encoding MR', ({ name, encoding, start, needs }) => {
  describeNeeding('from study list to report and back', needs, () => {
    let archive: Archive;
    let browser: Browser;
    let phantom: Phantom;
    let studyInstanceUID: string;
    /** What the panel showed of the compressed slice when the draft was saved. */
    let shown: { fa: number; f: number };

    beforeAll(async () => {
      phantom = cervicalCordPhantom({ seed: 7, snr: 30 });
      const files = phantomDicomFiles(phantom, { encoding }).map(({ bytes }) => bytes);
      studyInstanceUID = string(parsePart10(files[0]!, 'phantom').dataset, Tag.StudyInstanceUID)!;
      archive = await start();
      for (let at = 0; at < files.length; at += 100) {
        await storeInstances(archive.dicomWeb, files.slice(at, at + 100));
      }
      browser = await launchBrowser();
    }, 600_000);

    afterAll(async () => {
      await browser.close();
      await archive.stop();
    }, 60_000);

    it('outlines, fits, measures near the truth and saves what the archive gives back', async () => {
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      const watch = watchPage(page, archive.viewer.url);
      const reading = new ReadingPage(page, `${name} ${encoding}`);
      await reading.openStudy(archive.viewer.url, 'Phantom');
      await reading.shot('1 opened');
      expect(await reading.next()).toBe('find-cord');
      await reading.sectionIs('cord', ['done', 'needs-look']);
      await reading.shot('2 outlined');
      expect(await reading.next()).toBe('fit');
      await reading.sectionIs('metrics', ['done']);
      await reading.shot('3 fitted');

      for (const slice of phantom.healthySlices) await expectTruth(reading, phantom, slice);

      while ((await reading.next()) === 'check-slice') await reading.press('Accept slice');
      await reading.press(/^Compression at slice/);
      await reading.shot('4 compression marked');
      const compressed = await reading.compressionSlices();
      expect(phantom.compressedSlices).toEqual(expect.arrayContaining(compressed));
      for (const slice of compressed) await expectTruth(reading, phantom, slice);
      shown = {
        fa: await reading.tableValue('compression', 'fa'),
        f: await reading.tableValue('compression', 'ivim_f'),
      };

      await reading.open('prognosis');
      await reading.confirmAll();
      await page.locator('[data-prognosis="statement"]').waitFor();
      expect(await page.locator('.myelon-sentence').textContent()).toMatch(/likelihood ratio/i);
      expect(await page.locator('.myelon-statements').textContent()).toMatch(/Research use only/);
      await reading.shot('5 statement');

      expect(await reading.next()).toBe('save-draft');
      await reading.sectionIs('report', ['done', 'failed']);
      expect(await page.locator('[data-outcome="sent"]').count()).toBe(OBJECTS);
      await reading.shot('6 saved');
      expect(reading.actions).toBeLessThanOrEqual(MOST_ACTIONS);
      expect(watch.exceptions).toEqual([]);
      expect(watch.foreignRequests).toEqual([]);
      expect(watch.policyViolations).toEqual([]);
      await page.close();
    }, 600_000);

    it('left a segmentation and a report in the archive that say what the panel said', async () => {
      const client = new DicomWebClient({ baseUrl: archive.dicomWeb });
      const series = await client.searchSeries(studyInstanceUID, {});
      const seriesOf = (modality: string) =>
        series
          .filter((one) => string(one, Tag.Modality) === modality)
          .map((one) => string(one, Tag.SeriesInstanceUID)!);
      expect(seriesOf('SEG')).toHaveLength(1);
      const reports = await Promise.all(
        seriesOf('SR').map((uid) => client.seriesMetadata(studyInstanceUID, uid)),
      );
      // The regions, and the level above the compression beside them.
      expect(reports.flat().map(isMyelonReport)).toEqual([true, true]);
      const read = reports
        .flat()
        .map(readMeasurementReport)
        .find(({ regions }) => regions.some(({ name }) => name === 'Compression'))!;
      expect(read.state).toMatchObject({ preliminary: true, verified: false });
      const compression = read.regions.find((region) => region.name === 'Compression');
      const mean = (quantity: string) => {
        const found = compression?.quantities.find((one) => one.quantity === quantity);
        return found && 'statistics' in found ? found.statistics.mean! : Number.NaN;
      };
      expect(mean('fa').toFixed(2)).toBe(shown.fa.toFixed(2));
      expect((100 * mean('ivim_f')).toFixed(1)).toBe(shown.f.toFixed(1));
      const [outline] = await client.seriesMetadata(studyInstanceUID, seriesOf('SEG')[0]!);
      const bytes = await client.instance(
        studyInstanceUID,
        seriesOf('SEG')[0]!,
        string(outline!, Tag.SOPInstanceUID)!,
      );
      const whole = readSegmentation(bytes, phantom.dti.grid).segments[0]!;
      expect(dice(whole.voxels, phantom.truth.labels)).toBeGreaterThan(0.9);
    }, 120_000);

    it('shows the report on the next visit', async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const watch = watchPage(page, archive.viewer.url);
      const reading = new ReadingPage(page, `${name} ${encoding}`);
      await reading.openDirectly(archive.viewer.url, studyInstanceUID);
      await page.locator('[data-restored]').waitFor({ timeout: 60_000 });
      expect(await reading.tableValue('compression', 'fa')).toBe(shown.fa);
      expect(await reading.tableValue('compression', 'ivim_f')).toBe(shown.f);
      await reading.open('report');
      await page.locator('[data-history="1"]').waitFor({ timeout: 60_000 });
      const text = (await page.locator('[data-history="1"]').textContent()) ?? '';
      expect(text).toContain(`FA ${shown.fa.toFixed(2)}`);
      expect(text).toContain(`f ${shown.f.toFixed(1)} %`);
      await reading.shot('7 next visit');
      expect(watch.exceptions).toEqual([]);
      await page.close();
    }, 300_000);
  });
});

async function expectTruth(reading: ReadingPage, phantom: Phantom, slice: number): Promise<void> {
  const region = `slice-${String(slice + 1)}`;
  const off = (value: number, truth: number) => Math.abs(value - truth);
  const md = 1e6 * truthMean(phantom, 'md', [slice]);
  const fa = off(await reading.tableValue(region, 'fa'), truthMean(phantom, 'fa', [slice]));
  const f = off(await reading.tableValue(region, 'ivim_f'), 100 * truthMean(phantom, 'ivim_f', [slice]));
  const mdShare = off(await reading.tableValue(region, 'md'), md) / md;
  // The panel prints two decimals of FA and one of f: half a digit is not the measurement's fault.
  expect({ slice, fa: fa <= ALLOWED.fa + 0.005 }).toEqual({ slice, fa: true });
  expect({ slice, f: f <= ALLOWED.fPoints + 0.05 }).toEqual({ slice, f: true });
  expect({ slice, md: mdShare <= ALLOWED.mdShare }).toEqual({ slice, md: true });
}

function dice(p: Uint8Array, q: Uint8Array): number {
  let both = 0;
  let sum = 0;
  for (const [index, voxel] of p.entries()) {
    const inP = voxel > 0;
    const inQ = (q[index] ?? 0) > 0;
    both += Number(inP && inQ);
    sum += Number(inP) + Number(inQ);
  }
  return (2 * both) / sum;
}
