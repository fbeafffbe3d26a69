import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cervicalCordPhantom, phantomDicomFiles, type DicomEncoding } from '@myelon/phantom';
import { describeNeeding, program } from '../support/needs';

const phantom = cervicalCordPhantom({ size: 'small', turnDegrees: [8, -4, 6] });
const encodings: DicomEncoding[] = ['classic', 'enhanced'];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelon-phantom-'));
  for (const encoding of encodings)
    for (const { path, bytes } of phantomDicomFiles(phantom, { encoding })) {
      const target = join(folder, encoding, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('phantom as DICOM', () => {
  it('is the same to the last byte for the same phantom', () => {
    const again = phantomDicomFiles(phantom, { encoding: 'enhanced' });
    for (const { path, bytes } of again)
      expect(Buffer.from(bytes).equals(readFileSync(join(folder, 'enhanced', path)))).toBe(true);
  });
});

describeNeeding('phantom as DICOM, seen by dciodvfy', [program('dciodvfy')], () => {
  it.each(encodings)('%s objects have no errors', (encoding) => {
    for (const series of readdirSync(join(folder, encoding))) {
      // One object of each kind is enough: b0, low b and high b differ in their attributes.
      for (const file of readdirSync(join(folder, encoding, series)).filter((_, at) => at % 40 < 2)) {
        const { stderr } = spawnSync('dciodvfy', [join(folder, encoding, series, file)], {
          encoding: 'utf8',
        });
        expect(stderr).toContain('MRImage');
        expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
      }
    }
  });
});

describeNeeding('phantom as DICOM, seen by dcm2niix', [program('dcm2niix')], () => {
  it.each(encodings)('%s: voxels, b-values and directions as simulated', (encoding) => {
    const out = join(folder, `${encoding}-nifti`);
    mkdirSync(out, { recursive: true });
    spawnSync('dcm2niix', ['-z', 'n', '-f', 'dti', '-o', out, join(folder, encoding, 'dti')]);
    const numbers = (name: string) =>
      readFileSync(join(out, name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number));
    const { gradients, grid, signal } = phantom.dti;
    expect(numbers('dti.bval')[0]).toEqual([...gradients.bValues]);
    const [x, y, z] = numbers('dti.bvec');
    const a = grid.affine;
    const columns = [0, 1, 2].map((axis) => {
      const column = [a[axis] ?? 0, a[axis + 4] ?? 0, a[axis + 8] ?? 0];
      return column.map((value) => value / Math.hypot(...column));
    });
    for (let volume = 0; volume < gradients.count; volume++) {
      // FSL image frame of an image with flipped rows and negative determinant: (row, -column, slice) of DICOM.
      const direction = gradients.direction(volume);
      const along = (axis: number) =>
        direction.reduce((sum, value, at) => sum + value * (columns[axis]?.[at] ?? 0), 0);
      expect(x?.[volume]).toBeCloseTo(along(0), 4);
      expect(y?.[volume]).toBeCloseTo(-along(1), 4);
      expect(z?.[volume]).toBeCloseTo(along(2), 4);
    }
    const nifti = readFileSync(join(out, 'dti.nii'));
    const voxels = new Int16Array(nifti.buffer.slice(nifti.byteOffset + 352));
    const { columns: c, rows: r } = grid;
    const flipped = signal.map((_, at) => {
      const row = Math.floor(at / c) % r;
      return signal[at + (r - 1 - 2 * row) * c] ?? Number.NaN;
    });
    expect(voxels.length).toBe(signal.length);
    expect(flipped.findIndex((value, at) => value !== voxels[at])).toBe(-1);
  });
});
