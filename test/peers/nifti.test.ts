import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Affine } from '@myelon/diffusion';
import { readNifti, writeNifti } from '@myelon/nifti';
import { describeNeeding, pythonModule } from '../support/needs';

function peer<T>(...args: string[]): T {
  const script = join(__dirname, 'python/nifti_peer.py');
  return JSON.parse(execFileSync('/usr/bin/python3', [script, ...args], { encoding: 'utf8' })) as T;
}

/** Largest difference between a 4 x 4 RAS matrix and the affine of a grid, which is LPS. */
function difference(ras: readonly number[][], affine: Affine): number {
  const differences = affine.map((value, index) => {
    const row = Math.floor(index / 4);
    return Math.abs(value * (row < 2 ? -1 : 1) - ras[row]![index % 4]!);
  });
  return Math.max(...differences);
}

describeNeeding('NIfTI as NiBabel sees it', [pythonModule('nibabel')], () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'myelon-nifti-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['x.nii', 'x.nii.gz'])('what Myelon writes as %s', (name) => {
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const affine: Affine = [0.9 * c, -1.1 * s, 0, -30, -0.9 * s, -1.1 * c, 0, 12, 0, 0, 5, -80];
    const grid = { columns: 3, rows: 4, slices: 2, affine };
    const data = Float32Array.from({ length: 48 }, (_, index) => index / 3);
    const path = join(folder, name);
    writeFileSync(path, writeNifti({ grid, volumes: 2, data }, { gzip: name.endsWith('.gz') }));
    const seen = peer<{
      shape: number[];
      sform: number[][];
      qform: number[][];
      codes: number[];
      unit: string;
      values: number[];
    }>('read', path);
    expect(seen).toMatchObject({ shape: [3, 4, 2, 2], codes: [1, 1], unit: 'mm', values: [...data] });
    expect(difference(seen.sform, affine)).toBeLessThan(1e-5);
    expect(difference(seen.qform, affine)).toBeLessThan(1e-4);
  });

  test.each(['int16', 'uint8', 'float32', 'float64', 'nifti2', 'big-endian', 'qform'])(
    'what NiBabel writes: %s',
    (kind) => {
      const path = join(folder, `${kind}.nii.gz`);
      const { affine, values } = peer<{ affine: number[][]; values: number[] }>('write', path, kind);
      const image = readNifti(new Uint8Array(readFileSync(path)));
      expect([image.grid.columns, image.grid.rows, image.grid.slices, image.volumes]).toEqual([3, 4, 2, 2]);
      expect(difference(affine, image.grid.affine)).toBeLessThan(1e-5);
      // Integers with a slope keep a value to half a step.
      const tolerance = { int16: 1e-3, uint8: 0.15 }[kind] ?? 1e-6;
      for (const [index, value] of values.entries())
        expect(Math.abs(image.data[index]! - value)).toBeLessThanOrEqual(tolerance);
    },
  );
});
