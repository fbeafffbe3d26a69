import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUID, parsePart10, studyContextFrom, writeKeyObject } from '@myelon/dicom';
import { describeNeeding, pythonModule } from '../support/needs';

/** Names as hospitals send them, each in the character set it comes in. */
const NAMES = [
  ['Japanese', ['', 'ISO 2022 IR 87'], 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
  ['Arabic', ['ISO_IR 127'], 'قباني^لنزار'],
  ['Cyrillic', ['ISO_IR 144'], 'Люкceмбypг^Иван'],
  ['German', ['ISO_IR 100'], 'Müller^Jörg'],
  ['Korean', ['', 'ISO 2022 IR 149'], 'Hong^Gildong=洪^吉洞=홍^길동'],
  ['Unicode', ['ISO_IR 192'], 'Wang^XiaoDong=王^小东'],
] as const;

const WRITE = `
import sys, json, pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
for path, charsets, name in json.loads(sys.argv[1]):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.4'
    meta.MediaStorageSOPInstanceUID = '2.25.1'
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    ds = FileDataset(path, {}, file_meta=meta, preamble=b'\\0' * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SpecificCharacterSet = list(charsets)
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, '2.25.1'
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = '2.25.2', '2.25.3', 'MR'
    ds.PatientName, ds.PatientID = name, 'P-1'
    ds.save_as(path)`;
const READ = `
import sys, json, pydicom
files = [pydicom.dcmread(path) for path in sys.argv[1:]]
print(json.dumps([[str(f.PatientName), f.SpecificCharacterSet] for f in files]))`;

function python(script: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

describeNeeding('names of patients', [pythonModule('pydicom')], () => {
  let folder: string;
  const source = (index: number) => join(folder, `source-${String(index)}.dcm`);
  const result = (index: number) => join(folder, `result-${String(index)}.dcm`);
  let read: [name: string, characterSet: string][];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'myelon-names-'));
    python(WRITE, JSON.stringify(NAMES.map(([, sets, name], index) => [source(index), sets, name])));
    NAMES.forEach((_, index) => {
      const { dataset } = parsePart10(new Uint8Array(readFileSync(source(index))));
      const bytes = writeKeyObject({
        context: studyContextFrom(dataset),
        device: {
          manufacturer: 'Myelon',
          modelName: 'Myelon',
          serialNumber: 'names',
          softwareVersion: '0.1.0',
          deviceUID: '2.25.329800735698586629295641978511506172918',
        },
        identity: {
          sopInstanceUID: newUID(),
          seriesInstanceUID: newUID(),
          seriesNumber: 9004,
          seriesDescription: 'Names',
        },
        createdAt: new Date('2026-01-31T16:00:00Z'),
        objects: [
          { sopClassUID: '1.2.840.10008.5.1.4.1.1.4', sopInstanceUID: '2.25.1', seriesInstanceUID: '2.25.3' },
        ],
        description: 'Names',
      });
      writeFileSync(result(index), bytes);
    });
    read = JSON.parse(python(READ, ...NAMES.map((_, index) => result(index)))) as typeof read;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(NAMES.map(([script, , name], index) => [script, name, index] as const))(
    '%s: the result carries the name of its source, in Unicode',
    (_, name, index) => {
      expect(read[index]).toEqual([name, 'ISO_IR 192']);
    },
  );
});
