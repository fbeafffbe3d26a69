import { voxelCount, voxelIndex, type VoxelGrid } from '@myelon/diffusion';
import type { Anatomy } from './anatomy';
import { Tissue, TISSUES } from './tissues';

/** How much of each voxel is what. */
export interface TissueFractions {
  readonly grid: VoxelGrid;
  /** `[tissue][voxel]`, 0 to 1; the tissues of a voxel sum to 1. */
  readonly fractions: readonly Float32Array[];
  /** Mean lesion weight over the cord part of each voxel. */
  readonly lesionWeight: Float32Array;
  /** Mean direction of the cord over the cord part of each voxel, `[voxel][x, y, z]`, unit or zero. */
  readonly cordDirection: Float32Array;
}

/** Samples per voxel along column, row and slice, near the cord and elsewhere. */
const NEAR = { inPlane: 5, through: 5 } as const;
const FAR = { inPlane: 1, through: 3 } as const;
const NEAR_MM = 15;

/** Cuts the body into voxels: box profile, sub-voxel samples near the cord so that edges are mixtures. */
export function sampleTissues(anatomy: Anatomy, grid: VoxelGrid): TissueFractions {
  const count = voxelCount(grid);
  const result: TissueFractions = {
    grid,
    fractions: TISSUES.map(() => new Float32Array(count)),
    lesionWeight: new Float32Array(count),
    cordDirection: new Float32Array(3 * count),
  };
  for (let slice = 0; slice < grid.slices; slice++)
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++) sampleVoxel(anatomy, result, column, row, slice);
  return result;
}

function sampleVoxel(
  anatomy: Anatomy,
  into: TissueFractions,
  column: number,
  row: number,
  slice: number,
): void {
  const { grid } = into;
  const voxel = voxelIndex(grid, column, row, slice);
  const a = grid.affine;
  const x0 = a[0] * column + a[1] * row + a[2] * slice + a[3];
  const y0 = a[4] * column + a[5] * row + a[6] * slice + a[7];
  const z0 = a[8] * column + a[9] * row + a[10] * slice + a[11];
  const centre = anatomy.section(z0);
  const near = Math.hypot(x0 - centre.x, y0 - centre.y) < NEAR_MM;
  const { inPlane, through } = near ? NEAR : FAR;
  const share = 1 / (inPlane * inPlane * through);
  let cord = 0;
  let lesion = 0;
  let dx = 0;
  let dy = 0;
  let dz = 0;
  for (let k = 0; k < through; k++)
    for (let j = 0; j < inPlane; j++)
      for (let i = 0; i < inPlane; i++) {
        const u = (i + 0.5) / inPlane - 0.5;
        const v = (j + 0.5) / inPlane - 0.5;
        const w = (k + 0.5) / through - 0.5;
        const z = z0 + a[8] * u + a[9] * v + a[10] * w;
        const tissue = anatomy.tissueAt(
          x0 + a[0] * u + a[1] * v + a[2] * w,
          y0 + a[4] * u + a[5] * v + a[6] * w,
          z,
        );
        const fractions = into.fractions[tissue];
        if (fractions) fractions[voxel] = (fractions[voxel] ?? 0) + share;
        if (tissue !== Tissue.cord) continue;
        cord += 1;
        lesion += anatomy.lesionWeight(z);
        const tangent = anatomy.tangent(z);
        dx += tangent[0];
        dy += tangent[1];
        dz += tangent[2];
      }
  if (cord === 0) return;
  into.lesionWeight[voxel] = lesion / cord;
  const length = Math.hypot(dx, dy, dz);
  into.cordDirection.set([dx / length, dy / length, dz / length], 3 * voxel);
}
