import { voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { outlineCord } from './outline/outline-cord';
import { simulatedStack } from './outline/simulated-stack.test-support';
import { voxelsBesideCordOnly, voxelsWhollyInside } from './measuring-mask';
import { resampleMask } from './resample-mask';

const stack = simulatedStack({ noise: 2, slices: 5 });
const mask = { grid: stack.grid, labels: stack.labels, method: 'manual' } as const;

describe('resampleMask', () => {
  it('keeps place and volume on a finer grid that lies elsewhere', () => {
    const finer: VoxelGrid = {
      columns: 90,
      rows: 80,
      slices: 10,
      affine: [0.5, 0, 0, -22, 0, 0.5, 0, -20, 0, 0, 2.5, -1.25],
    };
    const resampled = resampleMask(mask, finer);
    const volume = (labels: Uint8Array, voxelMm3: number) =>
      labels.filter((label) => label > 0).length * voxelMm3;
    const before = volume(mask.labels, 0.9 * 0.9 * 5);
    expect(volume(resampled.labels, 0.5 * 0.5 * 2.5) / before).toBeCloseTo(1, 1);
    resampled.labels.forEach((label, at) => {
      if (label === 0) return;
      const row = Math.floor(at / finer.columns) % finer.rows;
      const [x, y] = voxelToPatient(finer, [at % finer.columns, row, 0]);
      expect((x / 7) ** 2 + (y / 5) ** 2).toBeLessThan(1);
    });
  });

  it('keeps segment numbers apart', () => {
    const levels = mask.labels.map((label, at) => label * (at < mask.labels.length / 2 ? 1 : 2));
    const same = resampleMask({ ...mask, labels: levels }, { ...stack.grid });
    expect(same.labels).toEqual(levels);
  });

  it('refuses a grid that misses the cord', () => {
    const away: VoxelGrid = { ...stack.grid, affine: [0.9, 0, 0, 500, 0, 0.9, 0, 0, 0, 0, 5, 0] };
    expect(() => resampleMask(mask, away)).toThrow(/no voxel/);
  });
});

describe('voxelsWhollyInside', () => {
  it('keeps no voxel that holds anything else than cord, and counts what it drops', async () => {
    const outline = await outlineCord(stack.image, stack.grid, { contrast: 'dwi', seeds: [] });
    const measuring = voxelsWhollyInside(outline);
    const outlined = outline.mask.labels.filter((label) => label > 0).length;
    expect(measuring.kept + measuring.dropped).toBe(outlined);
    expect(measuring.kept).toBeGreaterThan(0.5 * outlined);
    // Clean cord is 100: an edge voxel with a tenth of surroundings (40) would read 94.
    const values = [...stack.image].filter((_, at) => (measuring.mask?.labels[at] ?? 0) > 0);
    const mixed = values.filter((value) => value < 88);
    expect(mixed.length).toBeLessThan(0.02 * values.length);
  });
});

describe('voxelsBesideCordOnly', () => {
  it('peels one voxel off, keeps segment numbers, and says when nothing is left', () => {
    const grid: VoxelGrid = { columns: 6, rows: 5, slices: 1, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
    const labels = Uint8Array.from({ length: 30 }, (_, at) => (at % 6 > 0 && Math.floor(at / 6) > 0 ? 3 : 0));
    const peeled = voxelsBesideCordOnly({ grid, labels, method: 'manual' });
    // The 5 x 4 block touches the border of the image on two sides: 3 x 2 voxels remain.
    expect([peeled.kept, peeled.dropped]).toEqual([6, 14]);
    expect(new Set(peeled.mask?.labels)).toEqual(new Set([0, 3]));
    const thin = Uint8Array.from({ length: 30 }, (_, at) => (Math.floor(at / 6) === 2 ? 1 : 0));
    expect(voxelsBesideCordOnly({ grid, labels: thin, method: 'manual' }).mask).toBeNull();
  });
});
