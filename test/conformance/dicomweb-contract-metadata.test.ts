import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DicomJsonDataset } from '@myelon/dicom';
import { describeNeeding, program } from '../support/needs';
import { needsSharedData, sharedData } from '../support/shared-data';
import { found, getJson } from './dicomweb-contract-client';
import { startArchive } from './dicomweb-contract-servers';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'myelon-archive-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** dcm2json writes floats of 32 bits with nine digits, and of 64 bits not always to the last one. */
function rounded(vr: string, value: unknown): unknown {
  if (vr === 'FL' && typeof value === 'number') return Math.fround(value);
  return vr === 'FD' && typeof value === 'number' ? Number(value.toPrecision(15)) : value;
}

/** Group 2 and group lengths are not part of a data set in JSON; binary values are compared elsewhere. */
function comparable(dataset: DicomJsonDataset, standardOnly: boolean): unknown {
  const entries = Object.entries(dataset).filter(
    ([tag, { vr }]) =>
      !/^0002|0000$|^7FE00010$|^00080005$|^00083002$/.test(tag) &&
      !['OB', 'OW', 'UN'].includes(vr) &&
      !(standardOnly && /^...[13579BDF]/.test(tag)),
  );
  return Object.fromEntries(
    entries.map(([tag, { vr, Value }]) => [
      tag,
      vr === 'SQ'
        ? (Value ?? []).map((item) => comparable(item as DicomJsonDataset, standardOnly))
        : { vr, Value: (Value ?? []).map((value) => rounded(vr, value)) },
    ]),
  );
}

describeNeeding(
  'metadata against dcm2json of DCMTK',
  [
    program('dcm2json'),
    ...['siemens_xa61_enhanced_phantom', 'uih_r002_vframe', 'philips_r57_classic'].map(needsSharedData),
    needsSharedData('transfer_syntaxes_siemens_vb17'),
  ],
  () => {
    it.each([
      'siemens_xa61_enhanced_phantom/dicom/S16_DWI/88972829.dcm',
      'uih_r002_vframe/dicom/00000005.dcm',
      'philips_r57_classic/dicom/IM_0191.dcm',
      'transfer_syntaxes_siemens_vb17/dicom/2.dcm',
      'transfer_syntaxes_siemens_vb17/dicom/3.dcm',
    ])(
      '%s',
      async (name) => {
        const path = sharedData(...name.split('/'));
        const server = await startArchive({ folder });
        await server.archive.storeFile(await readFile(path));
        const [study] = await found(server.url, '/studies');
        const [metadata] = await getJson(server.url, `/studies/${study!}/metadata`);
        const reference = spawnSync('dcm2json', ['--encode-strict', '+fc', path], { maxBuffer: 1 << 28 });
        await server.stop();
        const expected = JSON.parse(reference.stdout.toString()) as DicomJsonDataset;
        // Without VRs in the file, DCMTK knows those of some private attributes from its dictionary.
        const isImplicit = name.endsWith('/2.dcm');
        expect(comparable(metadata!, isImplicit)).toEqual(comparable(expected, isImplicit));
      },
      30_000,
    );
  },
);
