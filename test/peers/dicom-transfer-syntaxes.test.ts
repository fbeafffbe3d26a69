import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { framePixels, parsePart10, type Part10File } from '@myelon/dicom';
import { NODE_DECODERS } from '@myelon/dicom/node-decoders';
import { asJpeg2000 } from '../support/jpeg-2000-files';
import { describeNeeding, program } from '../support/needs';
import { describeWithSharedData, needsSharedData, sharedData } from '../support/shared-data';

const options = { name: 'test', decoders: NODE_DECODERS };

function parsed(path: string): Part10File {
  return parsePart10(new Uint8Array(readFileSync(path)), path);
}

/** Implicit VR loses the VR of private elements: they are left out where data sets are compared. */
function withoutPrivate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrivate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/^[0-9A-F]{3}[13579BDF][0-9A-F]{4}$/u.test(key))
      .map(([key, inner]) => [key, withoutPrivate(inner)]),
  );
}

describeWithSharedData('one scan in nine files', ['transfer_syntaxes_siemens_vb17'], () => {
  const SYNTAXES: readonly (readonly [file: string, name: RegExp])[] = [
    ['2.dcm', /Implicit VR/],
    ['3.dcm', /Big Endian/],
    ['4.dcm', /RLE/],
    ['5.dcm', /JPEG Lossless/],
    ['6.dcm', /JPEG Lossless/],
    ['7.dcm', /JPEG-LS/],
    ['8.dcm', /JPEG-LS/],
    ['9.dcm', /JPEG 2000/],
  ];

  test.each(SYNTAXES)('%s has the pixels of the uncompressed one', async (file, name) => {
    const plain = parsed(sharedData('transfer_syntaxes_siemens_vb17', 'dicom', '1.dcm'));
    const other = parsed(sharedData('transfer_syntaxes_siemens_vb17', 'dicom', file));
    expect(other.transferSyntax.name).toMatch(name);
    expect(await framePixels(other, 1, options)).toEqual(await framePixels(plain, 1, options));
  });

  test.each(['JPEG 2000', 'HTJ2K'] as const)(
    '%s of the same scan',
    async (name) => {
      const path = sharedData('transfer_syntaxes_siemens_vb17', 'dicom', '1.dcm');
      const recoded = parsePart10(await asJpeg2000(new Uint8Array(readFileSync(path)), name));
      expect(recoded.transferSyntax.name).toMatch(/JPEG 2000 Lossless/);
      expect(await framePixels(recoded, 1, options)).toEqual(await framePixels(parsed(path), 1, options));
    },
    60_000,
  );

  test('what Node alone can decode is refused by name without its codecs', async () => {
    const jpegLs = parsed(sharedData('transfer_syntaxes_siemens_vb17', 'dicom', '7.dcm'));
    await expect(framePixels(jpegLs, 1)).rejects.toThrow(
      /JPEG-LS Lossless \(1\.2\.840\.10008\.1\.2\.4\.80\)/,
    );
  });
});

const dcmtk = ['dcmconv', 'dcmcrle', 'dcmcjpeg', 'dcmcjpls'].map(program);

describeNeeding(
  'multi-frame objects as DCMTK recodes them',
  [needsSharedData('siemens_xa61_enhanced_phantom'), ...dcmtk],
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'myelon-syntaxes-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    test.each([
      ['deflated', 'dcmconv', ['+td']],
      ['big endian', 'dcmconv', ['+tb']],
      ['implicit', 'dcmconv', ['+ti']],
      ['undefined lengths', 'dcmconv', ['+te', '-e']],
      ['RLE', 'dcmcrle', []],
      ['RLE without offset table', 'dcmcrle', ['-ot']],
      ['JPEG lossless, predictor 1', 'dcmcjpeg', ['+e1']],
      ['JPEG lossless, predictor 6', 'dcmcjpeg', ['+el', '+sv', '6']],
      ['JPEG-LS', 'dcmcjpls', []],
      ['JPEG-LS in fragments of 2 kB', 'dcmcjpls', ['+fs', '2']],
    ])('%s', async (name, tool, flags) => {
      const source = sharedData('siemens_xa61_enhanced_phantom', 'dicom', 'S16_DWI');
      const path = join(source, readdirSync(source)[0]!);
      const recoded = join(folder, `${name.replaceAll(/\W/gu, '')}.dcm`);
      execFileSync(tool, [...flags, path, recoded], { stdio: 'pipe' });
      const [plain, other] = [parsed(path), parsed(recoded)];
      for (const frame of [1, 4, 10])
        expect(await framePixels(other, frame, options)).toEqual(await framePixels(plain, frame, options));
      const { dataset } = plain;
      for (const tag of ['52009230', '52009229', '0020000E', '00100010'])
        expect(withoutPrivate(other.dataset[tag])).toEqual(withoutPrivate(dataset[tag]));
    });
  },
);
