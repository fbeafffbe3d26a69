import { voxelToPatient, type Affine, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';
import { cordCompression, narrowestLevel } from './compression';
import { cordSections, type SliceContours } from './cord-sections';

/** A stack tilted about x (degrees): the cord, running along z, crosses it at an angle. */
function tiltedGrid(tiltDegrees: number, slices = 13): VoxelGrid {
  const [c, s] = [Math.cos((tiltDegrees * Math.PI) / 180), Math.sin((tiltDegrees * Math.PI) / 180)];
  const affine: Affine = [0.5, 0, 0, -20, 0, 0.5 * c, -5 * s, -20, 0, 0.5 * s, 5 * c, -30];
  return { columns: 80, rows: 160, slices, affine };
}

/** Cord along z with semi-axes a (left-right) and b(z) (front-back), centred on x = y = 0. */
function straightCord(grid: VoxelGrid, a: number, b: (z: number) => number): CordMask & SliceContours {
  const labels = new Uint8Array(grid.columns * grid.rows * grid.slices);
  let at = 0;
  for (let slice = 0; slice < grid.slices; slice++)
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++, at++) {
        const [x, y, z] = voxelToPatient(grid, [column, row, slice]);
        labels[at] = (x / a) ** 2 + (y / b(z)) ** 2 <= 1 ? 1 : 0;
      }
  const contours = Array.from({ length: grid.slices }, (_, slice) =>
    Array.from({ length: 180 }, (_unused, index): Vector3 => {
      const angle = (index * Math.PI) / 90;
      const [x, y] = [a * Math.cos(angle), b(0) * Math.sin(angle)];
      // The point of the plane of this slice above (x, y).
      const origin = voxelToPatient(grid, [0, 0, slice]);
      const row = voxelToPatient(grid, [0, 1, slice]);
      const slope = (row[2] - origin[2]) / (row[1] - origin[1]);
      return [x, y, origin[2] + slope * (y - origin[1])];
    }),
  );
  return { grid, labels, method: 'manual', planes: grid, contours };
}

describe('cordSections', () => {
  it.each([0, 15, 30])('measures across the cord in slices tilted by %s degrees', (tilt) => {
    const cord = straightCord(tiltedGrid(tilt), 6, () => 4);
    for (const drawn of [null, cord]) {
      const { sections } = cordSections(cord, drawn);
      expect(sections).toHaveLength(13);
      const tolerance = drawn ? 0.002 : 0.03;
      for (const section of sections.slice(1, -1)) {
        expect(section.from).toBe(drawn ? 'contour' : 'voxels');
        expect(Math.abs((section.angleDegrees ?? 0) - tilt)).toBeLessThan(drawn ? 0.1 : 1);
        expect(Math.abs(section.areaMm2 / (24 * Math.PI) - 1)).toBeLessThan(tolerance);
        expect(Math.abs(section.apDiameterMm / 8 - 1)).toBeLessThan(tolerance);
        expect(Math.abs(section.transverseDiameterMm / 12 - 1)).toBeLessThan(tolerance);
        expect(section.eccentricity).toBeCloseTo(Math.sqrt(1 - 16 / 36), 1);
        expect(Math.abs(section.orientationDegrees)).toBeLessThan(1);
      }
    }
  });

  it('goes from the top down, whichever way the slices are counted', () => {
    const cord = straightCord(tiltedGrid(10), 6, () => 4);
    const { sections } = cordSections(cord);
    const heights = sections.map(({ centre }) => centre[2]);
    expect([...heights].sort((p, q) => q - p)).toEqual(heights);
    expect(sections.map(({ positionMm }) => positionMm)[0]).toBe(0);
    expect(sections.at(-1)?.positionMm).toBeCloseTo((12 * 5) / Math.cos((10 * Math.PI) / 180), 0);
  });

  it('knows which axis is which in a cord deeper than wide, and how far a cord is turned', () => {
    const deep = straightCord(tiltedGrid(0), 3, () => 5);
    const [section] = cordSections(deep, deep).sections;
    expect(section?.apDiameterMm).toBeCloseTo(10, 1);
    expect(section?.transverseDiameterMm).toBeCloseTo(6, 1);
    expect(section?.compressionRatio).toBeCloseTo(10 / 6, 1);
    const flat = straightCord(tiltedGrid(0), 6, () => 4);
    const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
    const contours = flat.contours.map((contour) =>
      (contour ?? []).map(([x, y, z]): Vector3 => [cos * x - sin * y, sin * x + cos * y, z]),
    );
    const turned = cordSections(flat, { planes: flat.planes, contours }).sections[5];
    expect(turned?.orientationDegrees).toBeCloseTo((0.3 * 180) / Math.PI, 0);
    expect(turned?.apDiameterMm).toBeCloseTo(8, 1);
  });

  it('gives no sections of thick sagittal slices, and those of thin ones from planes across the neck', () => {
    const sagittal = (sliceMm: number): CordMask => {
      const affine: Affine = [0, 0, sliceMm, -15, 1, 0, 0, -20, 0, -1, 0, 30];
      const grid: VoxelGrid = { columns: 40, rows: 60, slices: Math.round(30 / sliceMm), affine };
      return { ...straightCord(grid, 6, () => 4), grid };
    };
    expect(cordSections(sagittal(3)).sections).toEqual([]);
    const { sections, planes } = cordSections(sagittal(1));
    expect(planes.slices).toBe(60);
    expect(Math.abs((sections[30]?.areaMm2 ?? 0) / (24 * Math.PI) - 1)).toBeLessThan(0.06);
  });

  it('does not claim a correction with a single slice', () => {
    const one = straightCord(tiltedGrid(0, 1), 6, () => 4);
    const [section] = cordSections(one, one).sections;
    expect(section?.angleDegrees).toBeNull();
    expect(section?.areaMm2).toBeCloseTo(24 * Math.PI, 0);
  });
});

describe('compression', () => {
  // Half the depth at z = 0, normal 8 mm elsewhere; tapering by 10 % from top to bottom.
  const narrowed = straightCord(tiltedGrid(0, 13), 6, (z) => (Math.abs(z) < 4 ? 2 : 4 * (1 + z / 300)));
  const { sections } = cordSections(narrowed);

  it('is 1 - d / mean of above and below, as Miyanji defines it', () => {
    const found = narrowestLevel(sections);
    expect(found?.slices).toEqual([6]);
    expect(found?.mscc).toBeCloseTo(0.5, 1);
    expect(found?.areaReduction).toBeCloseTo(0.5, 1);
    expect(found?.compressionRatio).toBeCloseTo(1 / 3, 1);
    // 10 to 30 mm away: slices 2 to 6 of either side.
    expect(found?.above?.slices).toEqual([12, 11, 10, 9, 8]);
    expect(found?.below?.slices).toEqual([4, 3, 2, 1, 0]);
  });

  it('rests on one side when the cord ends on the other, and is null without a reference', () => {
    const top = cordCompression(sections, [12]);
    expect(top?.above).toBeNull();
    expect(top?.below?.slices).toEqual([10, 9, 8, 7, 6]);
    expect(top?.mscc).not.toBeNull();
    const alone = cordCompression(sections.slice(0, 1), [12]);
    expect(alone?.mscc).toBeNull();
    expect(cordCompression(sections, [40])).toBeNull();
  });
});
