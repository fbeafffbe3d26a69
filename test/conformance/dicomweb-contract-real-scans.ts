import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DicomWebClient, integer, parsePart10, string, Tag, type Part10File } from '@myelon/dicom';
import { describeWithSharedData, sharedData } from '../support/shared-data';
import { found, retrieve, store } from './dicomweb-contract-client';
import type { RunningServer, ServerUnderTest } from './dicomweb-contract-servers';

/** Files of a scan, in any depth. */
function filesOf(...path: string[]): Buffer[] {
  const folder = sharedData(...path);
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.filter((name) => name.endsWith('.dcm')).map((name) => readFileSync(join(folder, name)));
}

const scans = [
  ['canon_v61_enhanced_oblique', 1, 520],
  ['siemens_ve11_classic_sagittal', 63, 1],
  ['siemens_xa61_enhanced_phantom', 9, 10],
  ['uih_r002_vframe', 17, 1],
] as const;
const encodings = 'transfer_syntaxes_siemens_vb17';

/** Scans as scanners wrote them. */
export function describeRealScans({ start, differences }: ServerUnderTest): void {
  describeWithSharedData('real scans', [encodings, ...scans.map(([name]) => name)], () => {
    let running: RunningServer;
    beforeAll(async () => {
      running = await start();
    }, 60_000);
    afterAll(() => running.stop());

    it.each(scans)(
      'stores %s and gives back its metadata and frames',
      async (name, instances, frames) => {
        const files = filesOf(name, 'dicom');
        expect(files).toHaveLength(instances);
        expect(await store(running.url, files)).toMatchObject({ status: 200, listed: instances });
        const parsed = files.map((file) => parsePart10(file, name));
        const first = parsed[0]!;
        const path = uidPath(first);
        const study = `/studies/${path[0]}`;
        const sent = parsed.map(({ dataset }) => string(dataset, Tag.SOPInstanceUID)!).sort();
        expect(await found(running.url, `${study}/metadata`, '00080018')).toEqual(sent);

        const client = new DicomWebClient({ baseUrl: running.url });
        const [last] = await client.frames(...path, [frames]);
        const bytes = framesOf(first, frames).at(-1)!;
        expect(Buffer.from(last!.bytes).equals(bytes)).toBe(true);
        expect(Buffer.from(bytes).some((byte) => byte !== 0)).toBe(true);
      },
      60_000,
    );

    it('keeps compressed frames as they are and names their transfer syntax', async () => {
      const files = filesOf(encodings, 'dicom').map((file) => parsePart10(file, encodings));
      const client = new DicomWebClient({ baseUrl: running.url });
      expect((await store(running.url, filesOf(encodings, 'dicom'))).listed).toBe(files.length);
      const kinds = new Set<string>();
      for (const file of files.filter(({ transferSyntax }) => transferSyntax.encoding !== 'native')) {
        const [frame] = await client.frames(...uidPath(file), [1]);
        expect(frame?.transferSyntaxUID).toBe(file.transferSyntax.uid);
        expect(Buffer.from(frame!.bytes).equals(framesOf(file, 1)[0]!)).toBe(true);
        kinds.add(file.transferSyntax.uid);
      }
      expect(kinds.size).toBe(4);
    }, 60_000);

    it('does not pass compressed pixels off as plain octets', async () => {
      const rle = filesOf(encodings, 'dicom')
        .map((file) => parsePart10(file, encodings))
        .find(({ transferSyntax }) => transferSyntax.uid === '1.2.840.10008.1.2.5')!;
      const [study, series, instance] = uidPath(rle);
      const url = `${running.url}/studies/${study}/series/${series}/instances/${instance}/frames/1`;
      const { status, parts } = await retrieve(url, 'multipart/related; type="application/octet-stream"');
      expect(status).toBe(differences.compressedAsOctets);
      const pixels = integer(rle.dataset, Tag.Rows)! * integer(rle.dataset, Tag.Columns)!;
      if (status === 200) expect(parts[0]?.bytes.length).toBe(pixels * 2);
    });
  });
}

type UidPath = [string, string, string];

function uidPath({ dataset }: Part10File): UidPath {
  const tags = [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID];
  return tags.map((tag) => string(dataset, tag)!) as UidPath;
}

/** Bytes of the frames as they lie in the file. */
function framesOf({ pixelData }: Part10File, frames: number): Buffer[] {
  if (pixelData?.kind === 'encapsulated') return [Buffer.concat(pixelData.fragments)];
  const bytes = Buffer.from(pixelData!.bytes);
  const size = bytes.length / frames;
  return Array.from({ length: frames }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
