import { patientToVoxel, voxelIndex, voxelToPatient } from '@myelon/diffusion';
import { readFslGradientTable, readNifti } from '@myelon/nifti';
import { cervicalCordPhantom } from './phantom';
import { phantomNiftiFiles } from './phantom-nifti';

const phantom = cervicalCordPhantom({ size: 'small', turnDegrees: [12, -6, 5] });
const files = new Map(phantomNiftiFiles(phantom).map(({ path, bytes }) => [path, bytes]));
const bytesOf = (path: string) => files.get(path) ?? new Uint8Array();
const textOf = (path: string) => new TextDecoder().decode(bytesOf(path));

describe('phantomNiftiFiles', () => {
  it.each(['dti', 'ivim'] as const)(
    '%s: voxels at their place in the body, directions in its frame',
    (name) => {
      const { grid, signal, gradients } = phantom[name];
      const image = readNifti(bytesOf(`${name}.nii.gz`));
      const table = readFslGradientTable(textOf(`${name}.bval`), textOf(`${name}.bvec`), image.grid);
      expect([...table.bValues]).toEqual([...gradients.bValues]);
      table.directions.forEach((component, at) => {
        expect(component).toBeCloseTo(gradients.directions[at] ?? Number.NaN, 4);
      });
      const size = grid.columns * grid.rows * grid.slices;
      for (const [column, row, slice] of [
        [0, 0, 0],
        [5, 17, 3],
        [23, 2, 4],
      ] as const) {
        const [i, j, k] = patientToVoxel(image.grid, voxelToPatient(grid, [column, row, slice])).map(
          Math.round,
        );
        const there = voxelIndex(image.grid, i ?? -1, j ?? -1, k ?? -1);
        const here = voxelIndex(grid, column, row, slice);
        for (let volume = 0; volume < gradients.count; volume++)
          expect(image.data[volume * size + there]).toBe(signal[volume * size + here]);
      }
    },
  );

  it('holds the truth: as much cord as was simulated', () => {
    const cord = readNifti(bytesOf('truth/cord.nii.gz'));
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
    expect(sum(cord.data)).toBe(sum(phantom.truth.labels));
    expect(Math.max(...readNifti(bytesOf('truth/fa.nii.gz')).data)).toBeCloseTo(0.6, 2);
  });
});
