import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePart10 } from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { buildCommandLine, myelon } from '../support/command-line';
import { describeNeeding, program } from '../support/needs';
import { writeFiles } from '../support/write-files';

jest.setTimeout(240_000);

describeNeeding('myelon gradients on compressed DICOM', [program('dcmcjpls'), program('dcmcrle')], () => {
  let folder: string;
  let plain: Buffer;
  const dti = (under: string) => join(folder, under, 'dti');

  beforeAll(async () => {
    buildCommandLine();
    folder = mkdtempSync(join(tmpdir(), 'myelon-cli-compressed-'));
    const phantom = cervicalCordPhantom({ size: 'small', seed: 9 });
    const without = ['t2-sagittal', 't2-axial', 'ivim'] as const;
    writeFiles(join(folder, 'plain'), phantomDicomFiles(phantom, { encoding: 'enhanced', without }));
    const run = await myelon(['gradients', dti('plain'), '--out', join(folder, 'plain-out')]);
    expect(run.exitCode).toBe(0);
    plain = readFileSync(join(folder, 'plain-out', 'dwi.nii.gz'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['JPEG-LS lossless', 'dcmcjpls', '1.2.840.10008.1.2.4.80'],
    ['RLE', 'dcmcrle', '1.2.840.10008.1.2.5'],
  ])('%s gives the same voxels as uncompressed', async (_, compress, syntax) => {
    mkdirSync(dti(compress), { recursive: true });
    const file = join(dti(compress), '0001.dcm');
    const compressed = spawnSync(compress, [join(dti('plain'), '0001.dcm'), file], { encoding: 'utf8' });
    expect(compressed.stderr).toBe('');
    expect(parsePart10(new Uint8Array(readFileSync(file))).transferSyntax.uid).toBe(syntax);
    const out = join(folder, `${compress}-out`);
    const run = await myelon(['gradients', dti(compress), '--out', out]);
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    expect(readFileSync(join(out, 'dwi.nii.gz')).equals(plain)).toBe(true);
  });
});
