import type { CordMask } from '@myelon/cord';
import {
  diffusionVolume,
  singleShell,
  voxelCount,
  voxelIndex,
  type DiffusionVolume,
  type VoxelGrid,
} from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { statisticsOfQuantity } from '../measure/region-statistics';
import { metricsCsv } from '../metrics-csv';
import { readAnalysisRecord, writeAnalysisRecord } from '../record-json';
import { AnalysisSession, type AnalyseRequest } from './analysis-session';
import { SAMPLE_ORIGIN } from './sample-inputs';

const grid: VoxelGrid = {
  columns: 20,
  rows: 20,
  slices: 15,
  affine: [1, 0, 0, -10, 0, 1, 0, -10, 0, 0, 5, 0],
};
const NARROW = 6;

/** 12 x 8 voxels; in slice 6 half as deep. */
function mask(): CordMask {
  const labels = new Uint8Array(voxelCount(grid));
  for (let slice = 0; slice < grid.slices; slice++) {
    const half = slice === NARROW ? 2 : 4;
    for (let row = 10 - half; row < 10 + half; row++)
      for (let column = 4; column < 16; column++) labels[voxelIndex(grid, column, row, slice)] = 1;
  }
  return { grid, labels, method: 'manual' };
}

/** Radial diffusivity grows from slice to slice, so that every region has an FA of its own. */
function volume(): DiffusionVolume {
  const gradients = singleShell(2, 12, 800);
  const size = voxelCount(grid);
  const perSlice = grid.columns * grid.rows;
  const signal = new Float32Array(size * gradients.count);
  for (let at = 0; at < signal.length; at++) {
    const index = Math.floor(at / size);
    const radial = 0.4e-3 + 0.04e-3 * Math.floor((at % size) / perSlice);
    const [x, y, z] = gradients.direction(index);
    signal[at] = 1000 * Math.exp(-gradients.bValue(index) * (radial * (x * x + y * y) + 1.7e-3 * z * z));
  }
  return diffusionVolume({ grid, gradients, signal, sources: [], name: 'DTI' });
}

async function analysed(request: AnalyseRequest): Promise<AnalysisRecord> {
  const session = new AnalysisSession();
  session.addVolume('dti', volume(), SAMPLE_ORIGIN);
  session.setMask(mask());
  await session.fit({ tensorKey: 'dti', ivimKey: null, options: { extent: 'mask' } });
  return session.analyse(request);
}

const levelRegion = (record: AnalysisRecord, id: string) =>
  record.levelRegions?.find((region) => region.id === id);

describe('an analysis', () => {
  test('gives size and shape of every slice, and proposes the narrowest', async () => {
    const record = await analysed({ compressionSlices: [] });
    expect(record.morphometry?.sections).toHaveLength(15);
    const ordinary = record.morphometry?.sections.find(({ slice }) => slice === 10);
    expect(ordinary?.areaMm2).toBeCloseTo(96, 0);
    // The ellipse with the second moments of a 12 x 8 rectangle.
    expect(ordinary?.compressionRatio).toBeCloseTo(8 / 12, 2);
    expect(record.morphometry?.proposed).toMatchObject({ slices: [NARROW], narrowestSlice: NARROW });
    expect(record.morphometry?.proposed?.mscc).toBeCloseTo(0.5, 1);
    expect(record.morphometry?.atCompression).toBeNull();
    expect(record.levels).toBeUndefined();
    expect(record.cord).toMatchObject({ measuredVoxels: record.cord.voxels, droppedVoxels: 0 });
  });

  test('compares the compression with the cord above it, the patient’s own reference', async () => {
    const record = await analysed({ compressionSlices: [NARROW] });
    expect(record.morphometry?.atCompression?.mscc).toBeCloseTo(0.5, 1);
    const reference = levelRegion(record, 'reference');
    expect(reference).toMatchObject({ name: 'Reference above the compression', slices: [8, 9, 10, 11, 12] });
    const compression = record.regions.find(({ kind }) => kind === 'compression');
    const fa = (region: typeof compression) => (region && statisticsOfQuantity(region, 'fa')?.mean) ?? NaN;
    expect(fa(reference)).toBeLessThan(fa(compression));
  });

  test('names levels from one disc, measures them, and survives JSON', async () => {
    // Slice 12 is 10 mm below the top of the cord.
    const record = await analysed({
      compressionSlices: [],
      levels: { discs: [{ name: 'C3/4', at: { slice: 12 } }] },
    });
    expect(record.levels?.basis).toBe('spacing');
    expect(record.levels?.slices.find(({ slice }) => slice === 12)).toMatchObject({ disc: 'C3/4' });
    const c4 = levelRegion(record, 'level-C4');
    expect(c4?.slices).toEqual([9, 10, 11]);
    expect(statisticsOfQuantity(c4!, 'fa')?.n).toBe(3 * 96);
    const byPoint = await analysed({
      compressionSlices: [],
      levels: { discs: [{ name: 'C3/4', at: { pointMm: [0, -20, 60] } }] },
    });
    expect(byPoint.levels).toEqual(record.levels);
    expect(readAnalysisRecord(writeAnalysisRecord(record), 'record.json')).toEqual(record);
    const csv = metricsCsv(record);
    expect(csv).toMatch(/level-C4/);
    expect(csv.split('\r\n')[0]).toMatch(/level,area \(mm2\),ap diameter \(mm\)/);
  });

  test('refuses a disc that is nowhere near', async () => {
    const at = (pointMm: readonly [number, number, number]) =>
      analysed({ compressionSlices: [], levels: { discs: [{ name: 'C3/4', at: { pointMm } }] } });
    await expect(at([300, 0, 60])).rejects.toThrow(/C3\/4 lies 30[01] mm from the cord/);
  });
});
