import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { denoise, noiseSource, unring, voxelIndex, type DiffusionVolume } from '@myelon/diffusion';
import { readNifti, writeNifti } from '@myelon/nifti';
import { describeNeeding, program } from '../support/needs';
import { needsSharedData } from '../support/shared-data';
import { readSctCord, SCT_CORD, sctCordFiles } from './cord-series';

jest.setTimeout(300_000);

let folder: string;
let cord: DiffusionVolume;

function setUp(): void {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'myelon-preprocess-'));
    cord = readSctCord();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, [...args, '-quiet', '-force', '-nthreads', '1'], { cwd: folder });
}

/** Root mean square of the difference of two images over some voxels of every volume. */
function rms(p: Float32Array, q: Float32Array, size: number, voxels: readonly number[]): number {
  let squares = 0;
  let n = 0;
  for (let from = 0; from < p.length; from += size)
    for (const voxel of voxels) {
      squares += (p[from + voxel]! - q[from + voxel]!) ** 2;
      n++;
    }
  return Math.sqrt(squares / n);
}

/** Voxels of one slice far from every edge. */
function middleOf({ grid }: DiffusionVolume, slice: number): number[] {
  const voxels: number[] = [];
  for (let row = 10; row < grid.rows - 10; row++)
    for (let column = 35; column < 60; column++) voxels.push(voxelIndex(grid, column, row, slice));
  return voxels;
}

describeNeeding('denoising beside dwidenoise', [needsSharedData(SCT_CORD), program('dwidenoise')], () => {
  setUp();

  it('takes off what dwidenoise takes off, and finds its noise level', async () => {
    run('dwidenoise', [sctCordFiles().dwi, 'denoised.nii', '-noise', 'noise.nii', '-datatype', 'float64']);
    const peer = readNifti(readFileSync(join(folder, 'denoised.nii'))).data;
    const peerNoise = readNifti(readFileSync(join(folder, 'noise.nii'))).data;
    const voxels = middleOf(cord, 7);
    const size = cord.signal.length / cord.gradients.count;
    const mask = new Uint8Array(size);
    for (const voxel of voxels) mask[voxel] = 1;
    const { volume, noise, patch } = await denoise(cord, { mask });
    expect(patch).toEqual([5, 5, 5]);
    const taken = rms(peer, cord.signal, size, voxels);
    expect(rms(volume.signal, peer, size, voxels) / taken).toBeLessThan(0.01);
    for (const voxel of voxels) expect(Math.abs(noise[voxel]! / peerNoise[voxel]! - 1)).toBeLessThan(0.01);
    // Outside the mask nothing changes.
    expect(volume.signal[0]).toBe(cord.signal[0]);
  });
});

describeNeeding('unringing beside mrdegibbs', [needsSharedData(SCT_CORD), program('mrdegibbs')], () => {
  setUp();

  /** A slice of ellipses as a scanner with few frequencies sees it: cut off in k-space, so that it rings. */
  function ringing(): { rung: Float32Array; smooth: Float32Array; columns: number; rows: number } {
    const [columns, rows, fine] = [48, 40, 8];
    const inside = (x: number, y: number): number => {
      const ellipse = (cx: number, cy: number, a: number, b: number): number =>
        Math.hypot((x - cx) / a, (y - cy) / b) < 1 ? 1 : 0;
      return 600 * ellipse(24, 20, 14.3, 11.2) - 250 * ellipse(23, 19, 6.4, 4.7);
    };
    const rung = new Float32Array(columns * rows);
    const smooth = new Float32Array(columns * rows);
    // Separable periodic sinc (Dirichlet kernel) of a picture `fine` times finer.
    const kernel = (n: number) => (at: number, from: number) => {
      const d = at - from;
      const half = Math.PI * d;
      return Math.abs(d) < 1e-9 ? 1 : Math.sin(half * ((n - 1) / n)) / (n * Math.sin(half / n));
    };
    const [kx, ky] = [kernel(columns), kernel(rows)];
    const position = (i: number): number => (i + 0.5) / fine - 0.5;
    const lines = Array.from({ length: rows * fine }, (_, fy) => {
      const picture = Array.from({ length: columns * fine }, (__, fx) => inside(position(fx), position(fy)));
      return Array.from({ length: columns }, (__, column) =>
        picture.reduce(
          (sum, value, fx) => (value === 0 ? sum : sum + (value * kx(column, position(fx))) / fine),
          0,
        ),
      );
    });
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        for (let fy = 0; fy < rows * fine; fy++)
          rung[at]! += (lines[fy]![column]! * ky(row, position(fy))) / fine;
        for (let a = 0; a < fine * fine; a++)
          smooth[at]! +=
            inside(
              column - 0.5 + ((a % fine) + 0.5) / fine,
              row - 0.5 + (Math.floor(a / fine) + 0.5) / fine,
            ) /
            fine ** 2;
      }
    return { rung, smooth, columns, rows };
  }

  const volumeOf = (signal: Float32Array, columns: number, rows: number): DiffusionVolume => ({
    ...cord,
    gradients: cord.gradients.select([0]),
    grid: { columns, rows, slices: 1, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0] },
    signal,
    sources: [],
  });

  it('gives what mrdegibbs gives on a ringing picture, and takes most of the ringing off', async () => {
    const { rung, smooth, columns, rows } = ringing();
    const volume = volumeOf(rung, columns, rows);
    writeFileSync(
      join(folder, 'rung.nii'),
      writeNifti({ grid: volume.grid, volumes: 1, data: rung }, { gzip: false, datatype: 'float32' }),
    );
    run('mrdegibbs', ['rung.nii', 'unrung.nii', '-axes', '0,1', '-datatype', 'float32']);
    const peer = readNifti(readFileSync(join(folder, 'unrung.nii'))).data;
    const { signal } = await unring(volume);
    const all = [...signal.keys()];
    expect(rms(signal, peer, signal.length, all) / rms(peer, rung, signal.length, all)).toBeLessThan(0.1);
    // Away from the edges themselves: where the picture is flat over 5 x 5 voxels.
    const flat = all.filter((at) =>
      [-2, -1, 0, 1, 2].every((dy) =>
        [-2, -1, 0, 1, 2].every((dx) => smooth[at + dy * columns + dx] === smooth[at]),
      ),
    );
    expect(rms(signal, smooth, signal.length, flat)).toBeLessThan(
      0.35 * rms(rung, smooth, signal.length, flat),
    );
  });

  it('leaves a picture without edges as it is', async () => {
    const random = noiseSource(1);
    const flat = Float32Array.from({ length: 48 * 40 }, () => 500 + 1e-3 * random.normal());
    const { signal } = await unring(volumeOf(flat, 48, 40));
    expect(rms(signal, flat, flat.length, [...flat.keys()])).toBeLessThan(2e-3);
  });
});
