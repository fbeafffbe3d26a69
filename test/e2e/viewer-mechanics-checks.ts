import type { Browser } from 'playwright-core';
import {
  assembleVolume,
  fromMemory,
  parsePart10,
  pixelsFromFiles,
  readDiffusionSeries,
  string,
  Tag,
  type Part10File,
} from '@myelon/dicom';
import {
  signalOfVolume,
  voxelCount,
  voxelIndex,
  voxelToPatient,
  type DiffusionVolume,
  type VoxelGrid,
} from '@myelon/diffusion';
import { launchBrowser } from '../support/browser';
import { storeInstances } from '../support/store-instances';
import { startViewer, type RunningViewer } from '../support/viewer';
import { MechanicsPage } from './viewer-mechanics-page';

/** A viewer on the embedded archive with some files in it, for one group of tests. */
export function viewerWith(files: () => readonly Uint8Array[]) {
  const running: { viewer?: RunningViewer; browser?: Browser; study: string } = { study: '' };
  beforeAll(async () => {
    running.viewer = await startViewer();
    const all = files();
    for (let at = 0; at < all.length; at += 100) {
      await storeInstances(`${running.viewer.url}/dicom-web/archive`, all.slice(at, at + 100));
    }
    running.study = string(parsePart10(all[0]!, 'first file').dataset, Tag.StudyInstanceUID) ?? '';
    running.browser = await launchBrowser();
  });
  afterAll(async () => {
    await running.browser?.close();
    await running.viewer?.stop();
  });
  return {
    open: (name: string) => MechanicsPage.open(running.browser!, running.viewer!.url, running.study, name),
    study: () => running.study,
  };
}

/** Voxels spread over a grid, as index and patient position. */
export function someVoxels(grid: VoxelGrid, every: number): { index: number; world: readonly number[] }[] {
  const voxels = [];
  for (let slice = 0; slice < grid.slices; slice++) {
    for (let row = 1; row < grid.rows; row += every) {
      for (let column = 2; column < grid.columns; column += every) {
        const world = voxelToPatient(grid, [column, row, slice]);
        voxels.push({ index: voxelIndex(grid, column, row, slice), world });
      }
    }
  }
  return voxels;
}

/** An outline without any symmetry, so that a flip, a shift or a wrong slice order cannot pass. */
export function crookedOutline(grid: VoxelGrid): Uint8Array {
  const labels = new Uint8Array(voxelCount(grid));
  for (let slice = 0; slice < grid.slices; slice++) {
    const width = 2 + (slice % 4);
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < width; column++) {
        const at = [
          Math.round(grid.columns * 0.4) + column + (slice % 3),
          Math.round(grid.rows * 0.3) + row,
        ] as const;
        labels[voxelIndex(grid, at[0], at[1], slice)] = 1;
      }
    }
  }
  return labels;
}

export async function expectB0Shown(opened: MechanicsPage, volume: DiffusionVolume): Promise<void> {
  const b0 = signalOfVolume(volume, volume.gradients.b0Volumes()[0] ?? 0);
  const voxels = someVoxels(volume.grid, 5);
  const shown = await opened.imageValues(voxels.map(({ world }) => world));
  const wrong = voxels.filter(({ index }, at) => Math.abs((b0[index] ?? 0) - (shown[at] ?? 0)) > 0.5);
  expect(wrong).toEqual([]);
}

export async function expectOutlineKept(opened: MechanicsPage, grid: VoxelGrid): Promise<Uint8Array> {
  const labels = crookedOutline(grid);
  await opened.host.evaluate(
    ({ outline }, [uid, onGrid, given]) => outline.show(uid, onGrid, Uint8Array.from(given)),
    [opened.series, grid, [...labels]] as const,
  );
  expect(await opened.outline()).toEqual(labels);
  return labels;
}

/** Reads files the way the program does, without a viewer. */
export async function volumeOf(files: readonly Part10File[]): Promise<DiffusionVolume> {
  const byUID = new Map(files.map((file) => [string(file.dataset, Tag.SOPInstanceUID) ?? '', file]));
  const series = readDiffusionSeries(files.map(({ dataset }) => dataset));
  return assembleVolume(series, pixelsFromFiles(fromMemory(byUID)), { scaled: false });
}
