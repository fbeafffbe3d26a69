import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { patientToVoxel, voxelToPatient, type Vector3 } from '@myelon/diffusion';
import { readFslGradientTable, readNifti } from '@myelon/nifti';
import { describeNeeding, program } from '../support/needs';
import { niftiDiffusionToDicom } from '../support/nifti-to-dicom';
import { needsSharedData, sharedData } from '../support/shared-data';

describeNeeding(
  'real cord DTI, NIfTI to DICOM and back through dcm2niix',
  [program('dcm2niix'), needsSharedData('cord_dti_sct_tutorial')],
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'myelon-nifti-'));
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it.each(['classic', 'enhanced'] as const)('%s: same voxels, b-values and directions', (encoding) => {
      const files = {
        image: sharedData('cord_dti_sct_tutorial', 'dmri.nii.gz'),
        bval: sharedData('cord_dti_sct_tutorial', 'bvals.txt'),
        bvec: sharedData('cord_dti_sct_tutorial', 'bvecs.txt'),
      };
      for (const { path, bytes } of niftiDiffusionToDicom(files, { encoding, name: 'cord DTI' })) {
        mkdirSync(dirname(join(folder, encoding, path)), { recursive: true });
        writeFileSync(join(folder, encoding, path), bytes);
      }
      spawnSync('dcm2niix', ['-z', 'n', '-f', encoding, '-o', folder, join(folder, encoding)]);
      const before = readNifti(readFileSync(files.image));
      const after = readNifti(readFileSync(join(folder, `${encoding}.nii`)));
      expect(after.volumes).toBe(before.volumes);
      const table = (bval: string, bvec: string, grid: typeof before.grid) =>
        readFslGradientTable(readFileSync(bval, 'utf8'), readFileSync(bvec, 'utf8'), grid);
      const tableBefore = table(files.bval, files.bvec, before.grid);
      const tableAfter = table(
        join(folder, `${encoding}.bval`),
        join(folder, `${encoding}.bvec`),
        after.grid,
      );
      expect([...tableAfter.bValues]).toEqual([...tableBefore.bValues]);
      for (let volume = 0; volume < tableBefore.count; volume++) {
        if (tableBefore.bValue(volume) === 0) continue;
        const [p, q] = [tableBefore.direction(volume), tableAfter.direction(volume)];
        expect(Math.abs(p[0] * q[0] + p[1] * q[1] + p[2] * q[2])).toBeGreaterThan(0.99999);
      }
      expect(differingVoxels(before, after)).toBe(0);
    });
  },
);

/** Voxels that are not the same number at the same place in the body. */
function differingVoxels(p: ReturnType<typeof readNifti>, q: ReturnType<typeof readNifti>): number {
  const { columns, rows, slices } = p.grid;
  const size = columns * rows * slices;
  let differing = 0;
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const index: Vector3 = [column, row, slice];
        const [i, j, k] = patientToVoxel(q.grid, voxelToPatient(p.grid, index)).map(Math.round);
        const from = (slice * rows + row) * columns + column;
        const to = ((k ?? 0) * q.grid.rows + (j ?? 0)) * q.grid.columns + (i ?? 0);
        for (let volume = 0; volume < p.volumes; volume++)
          if (p.data[volume * size + from] !== q.data[volume * size + to]) differing += 1;
      }
  return differing;
}
