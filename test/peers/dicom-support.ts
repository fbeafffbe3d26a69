import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import {
  assembleVolume,
  fromMemory,
  parsePart10,
  pixelsFromFiles,
  readDiffusionSeries,
  string,
  Tag,
} from '@myelon/dicom';
import type { DiffusionSeries, Part10File } from '@myelon/dicom';
import { readNifti, type NiftiImage } from '@myelon/nifti';

/** All files below a folder, parsed. */
export function parseFolder(folder: string): Part10File[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      parsePart10(new Uint8Array(readFileSync(join(entry.parentPath, entry.name))), entry.name),
    );
}

export function seriesOf(files: readonly Part10File[]): DiffusionSeries {
  return readDiffusionSeries(files.map((file) => file.dataset));
}

/** Signal of a series whose files are in memory. */
export async function signalOf(series: DiffusionSeries, files: readonly Part10File[]): Promise<Float32Array> {
  const byUid = new Map(files.map((file) => [string(file.dataset, Tag.SOPInstanceUID) ?? '', file]));
  const volume = await assembleVolume(series, pixelsFromFiles(fromMemory(byUid)), { scaled: true });
  return volume.signal;
}

export interface Converted {
  readonly image: NiftiImage;
  readonly bval: string | undefined;
  readonly bvec: string | undefined;
}

/** What dcm2niix makes of a folder: every image it writes, by file name, the largest first. */
export function dcm2niix(folder: string): Converted[] {
  const out = mkdtempSync(join(tmpdir(), 'myelon-dcm2niix-'));
  try {
    execFileSync('dcm2niix', ['-z', 'n', '-f', '%s_%p', '-o', out, folder], { stdio: 'pipe' });
    const text = (name: string) =>
      readdirSync(out).includes(name) ? readFileSync(join(out, name), 'utf8') : undefined;
    return readdirSync(out)
      .filter((name) => name.endsWith('.nii'))
      .map((name) => ({
        image: readNifti(new Uint8Array(readFileSync(join(out, name))), name),
        bval: text(name.replace(/\.nii$/u, '.bval')),
        bvec: text(name.replace(/\.nii$/u, '.bvec')),
      }))
      .sort((p, q) => q.image.volumes - p.image.volumes);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** An image with its axes brought as near as possible to left, posterior, superior. */
export interface CanonicalImage {
  readonly sizes: Vector3;
  /** LPS mm of the first voxel and of the steps along the three axes. */
  readonly origin: Vector3;
  readonly steps: readonly [Vector3, Vector3, Vector3];
  readonly volume: (index: number) => Float32Array;
}

export function canonical(grid: VoxelGrid, data: Float32Array): CanonicalImage {
  const sizes = [grid.columns, grid.rows, grid.slices] as const;
  const origin = voxelToPatient(grid, [0, 0, 0]);
  const step = ([0, 1, 2] as const).map((axis) => {
    const index: [number, number, number] = [0, 0, 0];
    index[axis] = 1;
    const at = voxelToPatient(grid, index);
    return [at[0] - origin[0], at[1] - origin[1], at[2] - origin[2]] as const;
  });
  // For each world axis the index axis that runs along it, taking the clearest first.
  const taken = new Map<number, number>();
  const pairs = [0, 1, 2].flatMap((world) => [0, 1, 2].map((axis) => ({ world, axis })));
  const along = ({ world, axis }: { world: number; axis: number }) =>
    Math.abs(step[axis]![world]!) / Math.hypot(...step[axis]!);
  for (const { world, axis } of pairs.sort((p, q) => along(q) - along(p)))
    if (!taken.has(world) && ![...taken.values()].includes(axis)) taken.set(world, axis);
  const order = [0, 1, 2].map((world) => taken.get(world)!) as [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
  const reversed = order.map((axis, world) => step[axis]![world]! < 0);
  const corner: [number, number, number] = [0, 0, 0];
  order.forEach((axis, world) => (corner[axis] = reversed[world] ? sizes[axis] - 1 : 0));
  const newSizes = order.map((axis) => sizes[axis]) as unknown as Vector3;
  const strides = [1, sizes[0], sizes[0] * sizes[1]];
  const perVolume = sizes[0] * sizes[1] * sizes[2];
  const signed = order.map((axis, world) => strides[axis]! * (reversed[world] ? -1 : 1));
  const start = corner.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
  return {
    sizes: newSizes,
    origin: voxelToPatient(grid, corner),
    steps: order.map((axis, world) => step[axis]!.map((v) => (reversed[world] ? -v : v))) as unknown as [
      Vector3,
      Vector3,
      Vector3,
    ],
    volume: (index) => {
      const out = new Float32Array(perVolume);
      let to = 0;
      for (let z = 0; z < newSizes[2]; z++)
        for (let y = 0; y < newSizes[1]; y++) {
          let from = index * perVolume + start + z * signed[2]! + y * signed[1]!;
          for (let x = 0; x < newSizes[0]; x++, from += signed[0]!) out[to++] = data[from]!;
        }
      return out;
    },
  };
}

/** Largest |p - q| relative to the largest |q|. */
export function relativeDifference(p: Float32Array, q: Float32Array): number {
  let difference = 0;
  let largest = 0;
  for (let index = 0; index < q.length; index++) {
    difference = Math.max(difference, Math.abs(p[index]! - q[index]!));
    largest = Math.max(largest, Math.abs(q[index]!));
  }
  return largest === 0 ? difference : difference / largest;
}

/** Angle in degrees between two axes, sign free. */
export function axialAngle(p: Vector3, q: Vector3): number {
  const dot = Math.abs(p[0] * q[0] + p[1] * q[1] + p[2] * q[2]);
  const cross = Math.hypot(p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]);
  return (Math.atan2(cross, dot) * 180) / Math.PI;
}
