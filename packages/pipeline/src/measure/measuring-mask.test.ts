import { resampleMask, type CordOutline } from '@myelon/cord';
import { voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { MEASURING_RULES, editedPlanes, measuringMask } from './measuring-mask';

const grid: VoxelGrid = {
  columns: 24,
  rows: 20,
  slices: 2,
  // Turned in the plane and anisotropic: a rule that forgets the affine fails here.
  affine: [0.8, -0.3, 0, 10, 0.4, 0.9, 0, -20, 0, 0, 5, 30],
};
const perSlice = grid.columns * grid.rows;
const centre = { column: 11.3, row: 9.6 };

/** Circle in index space. */
function circle(radius: number, slice: number): Vector3[] {
  return Array.from({ length: 180 }, (_, index) => {
    const angle = (index * Math.PI) / 90;
    return voxelToPatient(grid, [
      centre.column + radius * Math.cos(angle),
      centre.row + radius * Math.sin(angle),
      slice,
    ]);
  });
}

function disc(radius: number): Uint8Array {
  const labels = new Uint8Array(perSlice * grid.slices);
  labels.forEach((_, index) => {
    const column = index % grid.columns;
    const row = Math.floor(index / grid.columns) % grid.rows;
    labels[index] = Math.hypot(column - centre.column, row - centre.row) <= radius ? 1 : 0;
  });
  return labels;
}

function outlineOf(labels: Uint8Array): CordOutline {
  return {
    mask: { grid, labels, method: 'automatic' },
    planes: grid,
    contours: [circle(5, 0), circle(5, 1)],
    centreline: [
      [centre.column, centre.row],
      [centre.column, centre.row],
    ],
    slicesToCheck: [],
    areasMm2: [null, null],
  };
}

describe('measuring mask', () => {
  const labels = disc(5);
  const outline = outlineOf(labels);

  test('of an untouched outline: exactly the voxels whose farthest corner is inside the contour', () => {
    const { voxels, rule } = measuringMask(outline.mask, outline);
    voxels.forEach((measured, index) => {
      const dx = Math.abs((index % grid.columns) - centre.column) + 0.5;
      const dy = Math.abs((Math.floor(index / grid.columns) % grid.rows) - centre.row) + 0.5;
      const margin = 5 - Math.hypot(dx, dy);
      // Within the polygon's own chord error either answer is right.
      if (Math.abs(margin) > 0.01) expect(measured === 1).toBe(margin > 0);
    });
    expect(rule).toBe(MEASURING_RULES.inside);
  });

  test('of a slice the reader edited: voxels whose neighbours are cord too, and the rule names the slice', () => {
    const edited = labels.slice();
    edited[perSlice + 9 * grid.columns + 17] = 1;
    const mask = { grid, labels: edited, method: 'edited' as const };
    const { voxels, rule } = measuringMask(mask, outline);
    expect(editedPlanes(mask, outline)).toEqual([1]);
    expect(rule).toContain(MEASURING_RULES.inside);
    expect(rule).toContain('(2)');
    // The added voxel sticks out, so it is not measured, but the cord under it is.
    expect(voxels[perSlice + 9 * grid.columns + 17]).toBe(0);
    expect(voxels[perSlice + 9 * grid.columns + 11]).toBe(1);
    const untouched = measuringMask(outline.mask, outline).voxels;
    expect(voxels.slice(0, perSlice)).toEqual(untouched.slice(0, perSlice));
  });

  test('of a stack along the neck: the same voxels, whatever the order of its axes', () => {
    // The same voxels with slices along what are columns of the planes.
    const [a, b, c, x, d, e, f, y, g, h, i, z] = grid.affine;
    const along: VoxelGrid = {
      columns: grid.rows,
      rows: grid.slices,
      slices: grid.columns,
      affine: [b, c, a, x, e, f, d, y, h, i, g, z],
    };
    const turned = resampleMask(outline.mask, along);
    const { voxels, rule } = measuringMask(turned, { ...outline, mask: turned });
    const expected = measuringMask(outline.mask, outline).voxels;
    expect(resampleMask({ grid: along, labels: voxels, method: 'manual' }, grid).labels).toEqual(expected);
    expect(rule).toBe(MEASURING_RULES.inside);
  });

  test('of a mask that came without contour: all of it', () => {
    const { voxels, rule } = measuringMask({ grid, labels, method: 'imported' }, null);
    expect(voxels).toEqual(labels);
    expect(rule).toBe(MEASURING_RULES.all);
  });
});

describe('the choice of what to keep out', () => {
  const upright: VoxelGrid = { ...grid, affine: [0.8, 0, 0, 10, 0, 0.8, 0, -20, 0, 0, 5, 30] };
  const labels = disc(5);
  const line = (slice: number) =>
    Array.from({ length: 180 }, (_, index): Vector3 => {
      const angle = (index * Math.PI) / 90;
      const [u, v] = [centre.column + 5 * Math.cos(angle), centre.row + 5 * Math.sin(angle)];
      return voxelToPatient(upright, [u, v, slice]);
    });
  const outline: CordOutline = {
    ...outlineOf(labels),
    mask: { grid: upright, labels, method: 'automatic' },
    planes: upright,
    contours: [line(0), line(1)],
  };

  test.each([0.3, 0.8, 1.6])('erosion by %s mm: voxels whose centre lies so far from the contour', (mm) => {
    const { voxels, rule } = measuringMask(outline.mask, outline, { kind: 'erosion', mm });
    voxels.forEach((measured, index) => {
      const [column, row] = [index % grid.columns, Math.floor(index / grid.columns) % grid.rows];
      const depthMm = 0.8 * (5 - Math.hypot(column - centre.column, row - centre.row));
      if (Math.abs(depthMm - mm) > 0.01) expect(measured === 1).toBe(depthMm > mm);
    });
    expect(rule).toContain(`${String(mm)} mm or more inside the contour`);
  });
  test('erosion of a mask without contours: no voxel that is not cord comes nearer', () => {
    const mask = { grid: upright, labels, method: 'imported' as const };
    const counts = [0.4, 0.41, 1.3].map((mm) => {
      const { voxels, rule } = measuringMask(mask, null, { kind: 'erosion', mm });
      expect(rule).toContain('inside the edge of the outline');
      return voxels.reduce((sum, one) => sum + one, 0);
    });
    const all = labels.reduce((sum, one) => sum + one, 0);
    // Every centre lies half a voxel (0.4 mm) inside its own edge.
    expect(counts[0]).toBe(all);
    expect(counts[1]).toBe(
      measuringMask(mask, null, { kind: 'inside' }).voxels.reduce((sum, one) => sum + one, 0),
    );
    expect(counts[2]).toBeLessThan(counts[1]!);
  });
  test('none: every voxel of the outline', () => {
    const { voxels, rule } = measuringMask(outline.mask, outline, { kind: 'none' });
    expect(voxels).toEqual(labels);
    expect(rule).toBe(MEASURING_RULES.all);
  });
});
