import type { Phantom, TruthQuantity } from '@myelon/phantom';

/** Mean of a phantom's truth over voxels that are wholly cord, in some slices (from 0). */
export function truthMean({ truth }: Phantom, quantity: TruthQuantity, slices: readonly number[]): number {
  const { grid, cordFraction, maps } = truth;
  const perSlice = grid.columns * grid.rows;
  const values = slices.flatMap((slice) =>
    [...maps[quantity].subarray(slice * perSlice, (slice + 1) * perSlice)].filter(
      (_, index) => (cordFraction[slice * perSlice + index] ?? 0) > 0.999,
    ),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
