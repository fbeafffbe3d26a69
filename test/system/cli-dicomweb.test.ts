import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DicomWebClient,
  isMyelonReport,
  parsePart10,
  readKeyObject,
  readMeasurementReport,
  string,
  Tag,
} from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { buildCommandLine, myelon } from '../support/command-line';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { storeInstances } from '../support/store-instances';

jest.setTimeout(240_000);

describeNeeding(
  'myelon analyze on a study in a real Orthanc that asks for a password',
  [needsOrthanc()],
  () => {
    let orthanc: RunningOrthanc;
    let folder: string;
    let study: string;
    let environment: Record<string, string>;
    const at = (name: string) => join(folder, name);
    const analyze = (out: string, ...more: string[]) =>
      myelon(
        ['analyze', '--dicomweb', orthanc.dicomWebUrl, '--study', study, '--out', at(out), '--json', ...more],
        environment,
      );

    beforeAll(async () => {
      buildCommandLine();
      folder = mkdtempSync(join(tmpdir(), 'myelon-cli-web-'));
      orthanc = await startOrthanc({ password: 'secret' });
      environment = { MYELON_DICOMWEB_AUTHORIZATION: orthanc.authorization ?? '' };
      const phantom = cervicalCordPhantom({ size: 'small', seed: 5, snr: 60 });
      const files = phantomDicomFiles(phantom, { encoding: 'enhanced' });
      study = string(parsePart10(files[0]!.bytes).dataset, Tag.StudyInstanceUID)!;
      await storeInstances(
        orthanc.dicomWebUrl,
        files.map(({ bytes }) => bytes),
        {
          authorization: orthanc.authorization ?? '',
        },
      );
    });
    afterAll(async () => {
      await orthanc.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('reads it, stores every object beside it, named by one key object, and the server gives them back', async () => {
      const run = await analyze('a', '--compression-slices', '3', '--store');
      expect(run.stderr).toBe('');
      expect(run.exitCode).toBe(0);
      const { stored } = JSON.parse(run.stdout) as { stored: { sopInstanceUID: string }[] };
      const client = new DicomWebClient({
        baseUrl: orthanc.dicomWebUrl,
        headers: () => ({ Authorization: orthanc.authorization ?? '' }),
      });
      const series = await client.searchSeries(study);
      const modalities = series.map((one) => string(one, Tag.Modality)).sort();
      const own = modalities.filter((modality) => modality !== 'MR');
      expect(own).toEqual(['DOC', 'KO', 'SEG', 'SR', 'SR']);
      const key = series.find((one) => string(one, Tag.Modality) === 'KO')!;
      const [selection] = await client.seriesMetadata(study, string(key, Tag.SeriesInstanceUID)!);
      const named = readKeyObject(selection!).map((one) => one.sopInstanceUID);
      const storedUIDs = stored.map((one) => one.sopInstanceUID);
      expect(storedUIDs).toEqual([...named, string(selection!, Tag.SOPInstanceUID)]);
      const report = series.find(
        (one) => string(one, Tag.SeriesDescription) === 'Myelon cord diffusion report',
      )!;
      const [dataset] = await client.seriesMetadata(study, string(report, Tag.SeriesInstanceUID)!);
      expect(isMyelonReport(dataset!)).toBe(true);
      const { segmentation, sopInstanceUID } = readMeasurementReport(dataset!);
      expect(named).toEqual(expect.arrayContaining([segmentation?.sopInstanceUID, sopInstanceUID]));
    });

    test('without --store nothing reaches the server', async () => {
      const client = new DicomWebClient({
        baseUrl: orthanc.dicomWebUrl,
        headers: () => ({ Authorization: orthanc.authorization ?? '' }),
      });
      const before = (await client.searchSeries(study)).length;
      const run = await analyze('b');
      expect(run.exitCode).toBe(0);
      expect((await client.searchSeries(study)).length).toBe(before);
      expect(existsSync(at('b/seg.dcm'))).toBe(true);
    });

    test('a study that is not there, and a password that is missing, are refused with what to do', async () => {
      const absent = await myelon(
        ['analyze', '--dicomweb', orthanc.dicomWebUrl, '--study', '1.2.3.4', '--out', at('c')],
        environment,
      );
      expect(absent.exitCode).toBe(3);
      expect(absent.stderr).toMatch(/1\.2\.3\.4.*(no such study|not found).*check/);
      const locked = await myelon([
        ...['analyze', '--dicomweb', orthanc.dicomWebUrl, '--study', study],
        ...['--out', at('c')],
      ]);
      expect(locked.exitCode).toBe(3);
      expect(locked.stderr).toMatch(/sign-in.*MYELON_DICOMWEB_AUTHORIZATION/);
      expect(existsSync(at('c'))).toBe(false);
    });
  },
);
