import { QUANTITIES } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';
import { REPORTED_QUANTITIES, statisticsOfQuantity } from '../measure/region-statistics';
import { GREY, PAGE, type Canvas } from './canvas';
import { drawHead, type PageHead } from './first-page';
import { drawMetricsTable } from './metrics-table';

const WIDTH = PAGE.width - 2 * PAGE.margin;
/** Rows that leave room for what follows. */
const MOST_SLICES = 30;

/** Slice by slice, and how the numbers came about. */
export function drawSecondPage(canvas: Canvas, record: AnalysisRecord, head: PageHead): void {
  let y = drawHead(canvas, head) + 10;
  const all = record.regions.filter(({ kind }) => kind === 'slice');
  const shown = chosenSlices(all, record.compressionSlices);
  const title =
    shown.length === all.length
      ? 'Mean per slice'
      : `Mean per slice: ${String(shown.length)} of ${String(all.length)} slices; all are in the table of metrics`;
  canvas.text(title, PAGE.margin, y, { size: 9, weight: 'bold' });
  y = drawMetricsTable(canvas, shown, y + 14, { withSpread: false }) + 8;
  canvas.text('How it was measured', PAGE.margin, y, { size: 9, weight: 'bold' });
  y += 12;
  const lines = [...methodLines(record), ...qualityLines(record)];
  lines.forEach((line, index) => {
    const room = PAGE.height - PAGE.margin - y;
    if (room < 24) return;
    if (room < 40 && index < lines.length - 1) {
      const rest = `and ${String(lines.length - index)} more remarks, in the structured report`;
      y = canvas.paragraph(rest, PAGE.margin, y, WIDTH, { size: 7.5, colour: GREY }) + 1000;
      return;
    }
    y = canvas.paragraph(line, PAGE.margin, y, WIDTH, { size: 7.5 }) + 1;
  });
}

/** All slices, or evenly spaced ones and those of the compression. */
function chosenSlices(regions: readonly RegionRecord[], compression: readonly number[]): RegionRecord[] {
  if (regions.length <= MOST_SLICES) return [...regions];
  const marked = regions.filter(({ slices }) => slices.some((slice) => compression.includes(slice)));
  const room = Math.max(2, MOST_SLICES - marked.length);
  const even = Array.from({ length: room }, (_, index) =>
    Math.round((index * (regions.length - 1)) / (room - 1)),
  );
  return regions
    .filter((region, index) => even.includes(index) || marked.includes(region))
    .slice(0, MOST_SLICES);
}

function methodLines(record: AnalysisRecord): string[] {
  const { tensor, ivim, cord } = record;
  const counted = (used: { fittedVoxels: number; failedVoxels: number }) =>
    `${String(used.fittedVoxels)} voxels fitted, ${String(used.failedVoxels)} failed`;
  return [
    ...record.inputs.map(inputLine),
    tensor ? `Tensor: ${tensor.method}; ${counted(tensor)}.` : 'Tensor: not fitted.',
    ivim
      ? `IVIM: ${ivim.method}, split at b ${String(ivim.splitBValue)} s/mm², ${ivim.directions}; ${counted(ivim)}.`
      : 'IVIM: not fitted.',
    `Outline: ${cord.method}, ${String(cord.voxels)} voxels, ${(cord.volumeMm3 / 1000).toFixed(2)} cm³ in ` +
      `${String(cord.slices.length)} slices; measured: ${cord.measuringRule}.`,
    ...voxelLines(record),
    `${record.software.name} ${record.software.version}; analysis ${record.id}.`,
  ];
}

function inputLine({
  name,
  columns,
  rows,
  slices,
  spacingMm,
  bValues,
  role,
}: AnalysisRecord['inputs'][number]) {
  const shells = [...new Set(bValues)].sort((p, q) => p - q);
  const counts = shells.map((b) => `${String(b)} (${String(bValues.filter((one) => one === b).length)})`);
  const size = `${String(columns)} × ${String(rows)} × ${String(slices)}`;
  const spacing = spacingMm.map((mm) => mm.toFixed(2)).join(' × ');
  return `${name} (${role}): ${size}, ${spacing} mm; b in s/mm² (volumes): ${counts.join(', ')}.`;
}

/** Voxels used, left out and at a bound, for the regions of the first page. */
function voxelLines(record: AnalysisRecord): string[] {
  return record.regions
    .filter(({ kind }) => kind !== 'slice')
    .map((region) => {
      const parts = REPORTED_QUANTITIES.flatMap(({ quantity }) => {
        const found = statisticsOfQuantity(region, quantity);
        if (!found) return [];
        const leftOut = found.excluded.reduce((sum, { n }) => sum + n, 0);
        const remarks = [
          ...(leftOut > 0 ? [`${String(leftOut)} left out`] : []),
          ...(found.atBound > 0 ? [`${String(found.atBound)} at a bound`] : []),
        ];
        const more = remarks.length > 0 ? ` (${remarks.join(', ')})` : '';
        return [`${QUANTITIES[quantity].symbol} ${String(found.n)}${more}`];
      });
      return `Voxels of ${region.name.toLowerCase()}: ${parts.join('; ')}.`;
    });
}

function qualityLines(record: AnalysisRecord): string[] {
  return [
    ...record.warnings,
    ...record.inputs.flatMap(({ name, warnings, leftOut }) => [
      ...warnings.map((warning) => `${name}: ${warning}`),
      ...leftOut.map(({ what, why }) => `${name}: left out ${what} (${why})`),
    ]),
    ...record.cord.slicesToCheck.map(({ slice, why }) => `Outline of slice ${String(slice + 1)}: ${why}`),
  ];
}
