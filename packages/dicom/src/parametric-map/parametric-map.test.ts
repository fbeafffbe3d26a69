import { InputRefused, type ScalarMap } from '@myelon/diffusion';
import { SAMPLE_REPORT } from '../structured-report/sample-report';
import { obliqueGrid, sampleIdentity, sampleVolume } from '../write/sample-study';
import type { ParametricMapContent } from './content';
import { readParametricMap } from './read-parametric-map';
import { writeParametricMap } from './write-parametric-map';

const grid = obliqueGrid(15, 13, 4);
const size = 15 * 13 * 4;

const map = (quantity: ScalarMap['quantity'], scale: number): ScalarMap => ({
  grid,
  quantity,
  unit: quantity === 'fa' || quantity === 'ivim_f' ? '1' : 'mm2/s',
  method: 'made up',
  values: Float32Array.from({ length: size }, (_, voxel) => (voxel % 7 === 0 ? 0 : voxel * scale)),
  status: new Uint8Array(size),
});

const content = (quantity: ScalarMap['quantity'], scale: number): ParametricMapContent => ({
  context: SAMPLE_REPORT.context,
  device: SAMPLE_REPORT.device,
  identity: sampleIdentity(9010, `Myelon ${quantity}`),
  createdAt: SAMPLE_REPORT.createdAt,
  source: sampleVolume(grid, 'classic'),
  map: map(quantity, scale),
  use: SAMPLE_REPORT.models.tensor!,
});

describe('a parametric map', () => {
  it.each([
    ['fa', 0.001],
    ['md', 1e-6],
    ['ivim_dstar', 3e-5],
    ['ivim_f', 0.0005],
  ] as const)('of %s comes back voxel by voxel in the stored unit', (quantity, scale) => {
    const written = content(quantity, scale);
    const read = readParametricMap(writeParametricMap(written), grid);
    expect(read.quantity).toBe(quantity);
    for (const [voxel, value] of written.map.values.entries())
      expect(Math.abs(read.values[voxel]! - value)).toBeLessThanOrEqual(2e-7 * value);
  });

  const good = content('fa', 0.001);
  it.each<[string, ParametricMapContent, RegExp]>([
    ['signal', { ...good, map: map('s0', 1) }, /no unit/],
    [
      'a map of other images',
      { ...good, map: { ...good.map, grid: obliqueGrid(13, 15, 4) } },
      /another grid/,
    ],
    [
      'values that are not numbers',
      { ...good, map: { ...good.map, values: good.map.values.map(() => Number.NaN) } },
      /not finite|not a number|NaN/,
    ],
  ])('is refused for %s', (_, bad, message) => {
    expect(() => writeParametricMap(bad)).toThrow(InputRefused);
    expect(() => writeParametricMap(bad)).toThrow(message);
  });

  it('is not read onto other images', () => {
    const bytes = writeParametricMap(good);
    expect(() => readParametricMap(bytes, obliqueGrid(15, 13, 3))).toThrow(/do not lie on the slices/);
    expect(() => readParametricMap(new Uint8Array(300), grid)).toThrow(InputRefused);
  });
});
