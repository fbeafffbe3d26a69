import { InputRefused, voxelIndex, type VoxelGrid } from '@myelon/diffusion';
import { items, item, numbers, string, personName } from '../dataset/access';
import { parsePart10 } from '../dataset/part10';
import {
  SAMPLE_DEVICE,
  SAMPLE_SOURCE,
  obliqueGrid,
  sampleIdentity,
  sampleVolume,
} from '../write/sample-study';
import { studyContextFrom } from '../write/study-context';
import { packFrames, unpackFrame } from './bit-frames';
import type { Segment, SegmentationContent } from './content';
import { readSegmentation } from './read-segmentation';
import { writeSegmentation } from './write-segmentation';

/** A tube through the middle slices that leaves the first slice empty, with an odd number of voxels. */
function cord(grid: VoxelGrid, radius: number): Uint8Array {
  const voxels = new Uint8Array(grid.columns * grid.rows * grid.slices);
  for (let slice = 1; slice < grid.slices; slice++) {
    for (let row = 0; row < grid.rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        if (Math.hypot(column - grid.columns / 2, row - grid.rows / 3) < radius + 0.3 * slice)
          voxels[voxelIndex(grid, column, row, slice)] = 1;
      }
    }
  }
  return voxels;
}

const segment = (voxels: Uint8Array, name: string, uid: string): Segment => ({
  label: name,
  trackingIdentifier: name,
  trackingUID: uid,
  voxels,
  algorithm: 'SEMIAUTOMATIC',
  algorithmName: 'Myelon cord outline',
  algorithmVersion: '0.1.0',
});

function content(grid: VoxelGrid, kind: 'classic' | 'enhanced' = 'classic'): SegmentationContent {
  const whole = cord(grid, 3);
  const level = whole.slice();
  level.fill(0, 0, 2 * grid.columns * grid.rows);
  return {
    context: studyContextFrom(SAMPLE_SOURCE),
    device: SAMPLE_DEVICE,
    identity: sampleIdentity(9001, 'Myelon cord'),
    createdAt: new Date('2026-01-31T16:00:00Z'),
    source: sampleVolume(grid, kind),
    segments: [segment(whole, 'Spinal cord', '2.25.51'), segment(level, 'Compression', '2.25.52')],
  };
}

describe('packed frames', () => {
  it('run on across frame borders, lowest bit first', () => {
    const frames = [new Uint8Array([1, 0, 1]), new Uint8Array([0, 1, 1]), new Uint8Array([1, 1, 1])];
    expect([...packFrames(frames)]).toEqual([0b11110101, 0b1]);
    expect([...unpackFrame(packFrames(frames), 1, 3)]).toEqual([0, 1, 1]);
  });
});

describe('a segmentation', () => {
  it.each([
    [15, 15, 4, 'classic'],
    [133, 77, 3, 'classic'],
    [15, 15, 5, 'enhanced'],
    [16, 8, 3, 'enhanced'],
  ] as const)(
    'of %d x %d x %d voxels, %s source, comes back voxel by voxel',
    (columns, rows, slices, kind) => {
      const grid = obliqueGrid(columns, rows, slices);
      const written = content(grid, kind);
      const read = readSegmentation(writeSegmentation(written), grid);
      expect(read.segments).toHaveLength(2);
      for (const [index, { voxels, trackingUID, label }] of read.segments.entries()) {
        expect(Buffer.from(voxels).equals(Buffer.from(written.segments[index]!.voxels))).toBe(true);
        expect(trackingUID).toBe(written.segments[index]!.trackingUID);
        expect(label).toBe(written.segments[index]!.label);
      }
      expect(read.referencedSeriesInstanceUID).toBe(written.source.seriesInstanceUID);
    },
  );

  it('finds its own grid when none is given', () => {
    const grid = obliqueGrid(15, 15, 4);
    const read = readSegmentation(writeSegmentation(content(grid)));
    expect(read.grid.slices).toBe(3);
    const inside = read.segments[0]!.voxels.reduce((sum, voxel) => sum + voxel, 0);
    expect(inside).toBe(cord(grid, 3).reduce((sum, voxel) => sum + voxel, 0));
  });

  it('names the frame of an enhanced source, and none of a classic one', () => {
    const firstReference = (kind: 'classic' | 'enhanced') => {
      const { dataset } = parsePart10(writeSegmentation(content(obliqueGrid(15, 15, 4), kind)));
      const group = items(dataset, '52009230')[0]!;
      return item(item(group, '00089124')!, '00082112')!;
    };
    expect(numbers(firstReference('enhanced'), '00081160')).toEqual([2]);
    expect(firstReference('classic')['00081160']).toBeUndefined();
    expect(string(firstReference('classic'), '00081155')).toBe('2.25.300002');
  });

  it('carries patient and study of its source, and its own time in the source offset', () => {
    const { dataset } = parsePart10(writeSegmentation(content(obliqueGrid(15, 15, 3))));
    expect(string(dataset, '0020000D')).toBe('1.2.826.0.1.3680043.10.1');
    expect(personName(dataset, '00100010')).toMatchObject({ ideographic: '山田^太郎' });
    expect(string(dataset, '00081030')).toBe('Halswirbelsäule');
    expect(string(dataset, '00080005')).toBe('ISO_IR 192');
    expect([string(dataset, '00080023'), string(dataset, '00080033')]).toEqual(['20260201', '010000']);
    expect(string(dataset, '00080201')).toBe('+0900');
  });

  const grid = obliqueGrid(15, 15, 3);
  const good = content(grid);
  const [first] = good.segments as [Segment, Segment];
  it.each<[string, SegmentationContent, RegExp]>([
    ['no segments', { ...good, segments: [] }, /outline the cord/],
    ['an empty segment', { ...good, segments: [{ ...first, voxels: new Uint8Array(675) }] }, /no voxel/],
    [
      'an outline of another grid',
      { ...good, segments: [{ ...first, voxels: new Uint8Array(9) }] },
      /another image/,
    ],
    ['two segments of one identity', { ...good, segments: [first, first] }, /share a tracking UID/],
    ['a missing source frame', { ...good, source: { ...good.source, slices: [] } }, /0 source frames/],
    [
      'a grid without frame of reference',
      {
        ...good,
        source: { ...good.source, grid: { columns: 15, rows: 15, slices: 3, affine: grid.affine } },
      },
      /Frame of Reference/,
    ],
    [
      'a sheared plane',
      {
        ...good,
        source: { ...good.source, grid: { ...grid, affine: [1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] } },
      },
      /right angle/,
    ],
  ])('is refused for %s', (_, bad, message) => {
    expect(() => writeSegmentation(bad)).toThrow(InputRefused);
    expect(() => writeSegmentation(bad)).toThrow(message);
  });

  it('is not read onto slices it does not lie on', () => {
    const bytes = writeSegmentation(good);
    const shifted = { ...grid, affine: grid.affine.with(3, -20) as unknown as VoxelGrid['affine'] };
    expect(() => readSegmentation(bytes, shifted)).toThrow(/do not lie on the slices/);
    expect(() => readSegmentation(bytes, obliqueGrid(16, 15, 3))).toThrow(InputRefused);
    expect(() => readSegmentation(new Uint8Array(200))).toThrow(InputRefused);
  });
});

describe('studyContextFrom', () => {
  it('refuses images without a study', () => {
    expect(() => studyContextFrom({})).toThrow(/no Study Instance UID/);
  });
});
