import { InputRefused, type GradientTable } from '@myelon/diffusion';
import type { DiffusionSeries } from './diffusion-series';
import { outlivesTable, tableWarnings } from './table-warnings';

/** Where a table comes from that was given instead of that of the headers. */
export interface ReplacedTable {
  /** Names of the files, for record and report. */
  readonly bval: string;
  readonly bvec: string;
}

/**
 * The series with another gradient table, which a person gave because that of the headers is wrong. The fact stays
 * with the series: in `replacedTable`, and as a warning that goes into record and report.
 *
 * For FSL files that go with the NIfTI file of the series as dcm2niix writes it:
 * `readFslGradientTable(bval, bvec, niftiOrientedGrid(series.grid))` of @myelon/nifti gives the table.
 * @param gradients one entry per volume, in the order of the series; directions in LPS
 * @throws InputRefused when the number of entries is not the number of volumes
 */
export function replaceGradientTable(
  series: DiffusionSeries,
  gradients: GradientTable,
  from: ReplacedTable,
): DiffusionSeries {
  const { count } = series.gradients;
  if (gradients.count !== count)
    throw new InputRefused(
      `${String(gradients.count)} entries in ${from.bval} for ${String(count)} volumes of ${series.name}`,
      from.bval,
      'give the table that belongs to this series',
    );
  const replaced = `gradient table replaced: b-values from ${from.bval}, directions from ${from.bvec}`;
  return {
    ...series,
    gradients,
    replacedTable: from,
    warnings: [replaced, ...series.warnings.filter(outlivesTable), ...tableWarnings(gradients)],
  };
}
