import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assembleVolume,
  DicomWebClient,
  parsePart10,
  pixelsFromDicomWeb,
  readDiffusionSeries,
  seriesHeaders,
} from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { NODE_DECODERS } from '@myelon/dicom/node-decoders';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { needsSharedData, sharedData } from '../support/shared-data';
import { parseFolder, seriesOf, signalOf } from './dicom-support';

const DATA_SETS = [
  ['canon_v61_enhanced_oblique', 'dicom'],
  ['siemens_xa61_enhanced_phantom', 'dicom/S16_DWI'],
  ['philips_r57_classic', 'dicom'],
  ['siemens_vd13_mosaic_oblique', 'dicom'],
  ['siemens_ve11_classic_sagittal', 'dicom'],
  ['uih_r002_vframe', 'dicom'],
  ['ge_mr29_oblique_HEADERS_ONLY', 'dicom'],
] as const;

/** What comes over DICOMweb must be what lies in the files, whatever a server does with private elements. */
describeNeeding('series over DICOMweb from Orthanc', [needsOrthanc()], () => {
  let orthanc: RunningOrthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc();
  }, 60_000);
  afterAll(() => orthanc.stop());

  test('standard attributes are enough: the headers of a series come in one request', async () => {
    const phantom = cervicalCordPhantom({ size: 'small', snr: 30 });
    const files = phantomDicomFiles(phantom, {
      encoding: 'classic',
      without: ['ivim', 't2-axial', 't2-sagittal'],
    });
    const asked: string[] = [];
    const counted: typeof fetch = (input, init) => {
      asked.push(String(input));
      return fetch(input, init);
    };
    const client = new DicomWebClient({ baseUrl: orthanc.dicomWebUrl, fetch: counted });
    for (const { bytes } of files) await client.store(bytes);
    const datasets = files.map(({ path, bytes }) => parsePart10(bytes, path).dataset);
    const fromFiles = readDiffusionSeries(datasets);
    const { studyInstanceUID, seriesInstanceUIDs } = fromFiles;
    asked.length = 0;
    const headers = await seriesHeaders(client, studyInstanceUID, seriesInstanceUIDs[0]!);
    expect(asked).toHaveLength(1);
    expect(readDiffusionSeries(headers)).toEqual(fromFiles);
  }, 300_000);

  describe.each(DATA_SETS)('%s', (name, folder) => {
    describeNeeding('is the same as from its files', [needsSharedData(name)], () => {
      test('table, geometry, voxels', async () => {
        const path = sharedData(name, folder);
        const client = new DicomWebClient({ baseUrl: orthanc.dicomWebUrl });
        for (const file of readdirSync(path)) {
          const stored = await client.store(new Uint8Array(readFileSync(join(path, file))));
          expect(stored.outcome).toBe('stored');
        }
        const files = parseFolder(path);
        const fromFiles = seriesOf(files);
        const { studyInstanceUID, seriesInstanceUIDs } = fromFiles;
        const headers = await seriesHeaders(client, studyInstanceUID, seriesInstanceUIDs[0]!);
        const series = readDiffusionSeries(headers);
        expect(series).toEqual(fromFiles);
        const pixels = pixelsFromDicomWeb(client, studyInstanceUID, { decoders: NODE_DECODERS });
        const { signal } = await assembleVolume(series, pixels, { scaled: true });
        expect(signal).toEqual(await signalOf(fromFiles, files));
      }, 300_000);
    });
  });
});
