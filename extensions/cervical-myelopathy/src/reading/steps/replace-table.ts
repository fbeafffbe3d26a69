import { replaceGradientTable, type DiffusionSeries } from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import { niftiOrientedGrid, readFslGradientTable } from '@myelon/nifti';
import { patch, type ReadingContext } from '../reading-context';
import { problemOf } from '../tasks';

/**
 * The series with the gradient table that the reader gave for it, or as it is. A table that does not fit is refused
 * where the reader looks, and the headers' own stays in use.
 */
export function withGivenTable(
  context: ReadingContext,
  key: string,
  series: DiffusionSeries,
): DiffusionSeries {
  const given = context.tables.get(key);
  if (!given) return series;
  const names = { bval: given.bval.name, bvec: given.bvec.name };
  try {
    const grid = niftiOrientedGrid(series.grid);
    const gradients = readFslGradientTable(given.bval.text, given.bvec.text, grid, names);
    return replaceGradientTable(series, gradients, names);
  } catch (problem) {
    if (!(problem instanceof InputRefused)) throw problem;
    context.tables.delete(key);
    patch(context, 'data', { refused: problemOf(problem) });
    return series;
  }
}
