import { QUANTITIES, formatQuantity, type QuantityId } from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { statisticsOfQuantity } from '../measure/region-statistics';
import { GREY, LIGHT, type Box, type Canvas } from './canvas';
import type { Rgb } from '../colour-scales';

const LINE: Rgb = [0, 70, 140];
const BAND: Rgb = [190, 210, 230];
const AMBER: Rgb = [255, 225, 150];
const ZONE: Rgb = [225, 225, 225];

interface Point {
  readonly slice: number;
  readonly mean: number;
  readonly error: number;
}

/** Mean of a quantity per slice with its standard error, the compression, and the cut-off with its grey zone. */
export function drawProfile(canvas: Canvas, record: AnalysisRecord, quantity: QuantityId, box: Box): void {
  const { symbol, shownUnit, shownFactor } = QUANTITIES[quantity];
  const unit = shownUnit === '' ? '' : ` (${shownUnit})`;
  canvas.text(`${symbol}${unit} along the cord`, box.x, box.y - 4, { size: 8, weight: 'bold' });
  const points = pointsOf(record, quantity);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) {
    canvas.text('no values', box.x, box.y + 12, { size: 8, colour: GREY });
    return;
  }
  const cutOff = cutOffOf(record, quantity);
  const marks = cutOff ? [cutOff.value + cutOff.greyZone] : [];
  const most = 1.05 * Math.max(...points.map(({ mean, error }) => mean + error), ...marks);
  const least = Math.min(0, ...points.map(({ mean, error }) => mean - error));
  const [low, high] = most > least ? [least, most] : [least, least + 1];
  const plot = { x: box.x + 28, y: box.y, width: box.width - 28, height: box.height - 14 };
  const xOf = (slice: number) =>
    plot.x + ((slice - first.slice + 0.5) / (last.slice - first.slice + 1)) * plot.width;
  const yOf = (value: number) => plot.y + plot.height * (1 - (value - low) / (high - low));
  const step = plot.width / (last.slice - first.slice + 1);
  for (const slice of record.compressionSlices)
    canvas.area({ x: xOf(slice) - step / 2, y: plot.y, width: step, height: plot.height }, AMBER, 0.6);
  if (cutOff) {
    const top = Math.max(plot.y, yOf(cutOff.value + cutOff.greyZone));
    const bottom = Math.min(plot.y + plot.height, yOf(cutOff.value - cutOff.greyZone));
    canvas.area({ x: plot.x, y: top, width: plot.width, height: bottom - top }, ZONE, 0.8);
    canvas.line(plot.x, yOf(cutOff.value), plot.x + plot.width, yOf(cutOff.value), GREY);
  }
  for (const value of [low, (low + high) / 2, high]) {
    canvas.line(plot.x, yOf(value), plot.x + plot.width, yOf(value), LIGHT, 0.3);
    const label = formatQuantity(quantity, value / shownFactor);
    canvas.text(label, plot.x - 3, yOf(value) + 2.5, { size: 7, colour: GREY, align: 'right' });
  }
  drawCurve(canvas, points, xOf, yOf, step);
  for (const { slice } of [first, points[Math.floor(points.length / 2)] ?? first, last])
    canvas.text(String(slice + 1), xOf(slice), plot.y + plot.height + 9, {
      size: 7,
      colour: GREY,
      align: 'centre',
    });
  canvas.text('slice', plot.x - 3, plot.y + plot.height + 9, { size: 7, colour: GREY, align: 'right' });
}

function drawCurve(
  canvas: Canvas,
  points: readonly Point[],
  xOf: (slice: number) => number,
  yOf: (value: number) => number,
  step: number,
): void {
  const barWidth = Math.min(4, step * 0.6);
  for (const { slice, mean, error } of points) {
    const top = yOf(mean + error);
    canvas.area(
      { x: xOf(slice) - barWidth / 2, y: top, width: barWidth, height: yOf(mean - error) - top },
      BAND,
    );
  }
  points.forEach((point, index) => {
    const before = points[index - 1];
    // A gap in the slices stays a gap.
    if (before?.slice === point.slice - 1)
      canvas.line(xOf(before.slice), yOf(before.mean), xOf(point.slice), yOf(point.mean), LINE, 1);
    canvas.dot(xOf(point.slice), yOf(point.mean), 1.4, LINE);
  });
}

/** In the unit people read. */
function pointsOf(record: AnalysisRecord, quantity: QuantityId): Point[] {
  const { shownFactor } = QUANTITIES[quantity];
  return record.regions
    .filter(({ kind }) => kind === 'slice')
    .flatMap((region) => {
      const statistics = statisticsOfQuantity(region, quantity);
      const [slice] = region.slices;
      if (!statistics || slice === undefined) return [];
      const { mean, standardError } = statistics;
      return [{ slice, mean: mean * shownFactor, error: (standardError ?? 0) * shownFactor }];
    })
    .sort((p, q) => p.slice - q.slice);
}

function cutOffOf({ prognosis }: AnalysisRecord, quantity: QuantityId) {
  if (prognosis.kind !== 'statement' || (quantity !== 'fa' && quantity !== 'ivim_f')) return null;
  const { cutOff, greyZone } = quantity === 'fa' ? prognosis.fa : prognosis.f;
  const { shownFactor } = QUANTITIES[quantity];
  return { value: cutOff * shownFactor, greyZone: greyZone * shownFactor };
}
