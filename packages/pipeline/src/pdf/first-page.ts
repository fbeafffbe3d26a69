import { QUANTITIES, formatQuantity, type QuantityId, type ScalarMap } from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { BLACK, GREY, LIGHT, PAGE, type Box, type Canvas } from './canvas';
import { colourStrip, cordPicture, cropAroundCord, type Crop } from './cord-picture';
import { drawMetricsTable, missingReasons } from './metrics-table';
import { drawProfile } from './profile-chart';
import type { ReportPdfRequest } from './report-pdf';

const WIDTH = PAGE.width - 2 * PAGE.margin;
/** Maps on the first page, left to right. */
const PICTURED: readonly QuantityId[] = ['fa', 'md', 'ivim_f'];
/** Ranges that suit a cervical cord, in the stored unit; the panel starts with the same. */
const RANGES: Readonly<Partial<Record<QuantityId, readonly [number, number]>>> = {
  fa: [0, 1],
  md: [0, 0.003],
  ivim_f: [0, 0.3],
};

/** Head of a page: what this is, of whom, in which state. */
export interface PageHead {
  readonly state: string;
  /** "Name" and value, in reading order. */
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/** @returns y below the head */
export function drawHead(canvas: Canvas, { state, facts }: PageHead): number {
  canvas.text('Cervical cord diffusion report', PAGE.margin, 52, { size: 16, weight: 'bold' });
  canvas.text(state, PAGE.width - PAGE.margin, 52, { size: 10, weight: 'bold', align: 'right' });
  canvas.line(PAGE.margin, 59, PAGE.width - PAGE.margin, 59, BLACK, 0.8);
  const column = WIDTH / 2;
  const labelWidth = 78;
  let y = 73;
  for (let index = 0; index < facts.length; index += 2) {
    let lowest = y;
    [facts[index], facts[index + 1]].forEach((fact, side) => {
      if (!fact) return;
      const x = PAGE.margin + side * column;
      canvas.text(fact[0], x, y, { size: 8, colour: GREY });
      const below = canvas.paragraph(fact[1], x + labelWidth, y, column - labelWidth - 8);
      lowest = Math.max(lowest, below);
    });
    y = lowest + 1;
  }
  return y;
}

/** Pictures, statement, profile and the table of the main regions. */
export function drawFirstPage(
  canvas: Canvas,
  record: AnalysisRecord,
  request: ReportPdfRequest,
  head: PageHead,
): void {
  let y = drawHead(canvas, head) + 6;
  y = drawPictures(canvas, record, request, y) + 16;
  const main = record.regions.filter(({ kind }) => kind !== 'slice');
  canvas.text('Mean ± standard deviation over voxels', PAGE.margin, y, { size: 9, weight: 'bold' });
  y = drawMetricsTable(canvas, main, y + 14, { withSpread: true });
  for (const reason of missingReasons(record).slice(0, 3))
    y = canvas.paragraph(`– ${reason}`, PAGE.margin, y, WIDTH, { size: 7, colour: GREY });
  y += 14;
  const half = (WIDTH - 20) / 2;
  drawProfile(canvas, record, 'fa', { x: PAGE.margin, y, width: half, height: 105 });
  drawProfile(canvas, record, 'ivim_f', { x: PAGE.margin + half + 20, y, width: half, height: 105 });
  y += 118;
  const legend =
    'Line: mean per slice; bar: ± one standard error; amber: compression; grey band: zone in which a repeated scan ' +
    'may fall on the other side of the cut-off.';
  y = canvas.paragraph(legend, PAGE.margin, y, WIDTH, { size: 7, colour: GREY }) + 8;
  drawStatement(canvas, record, y);
}

function drawPictures(
  canvas: Canvas,
  record: AnalysisRecord,
  { mask, maps, underlay }: ReportPdfRequest,
  y: number,
): number {
  const crop = cropAroundCord(mask, record.compressionSlices);
  const where = `Slice ${String(crop.slice + 1)}${record.compressionSlices.length > 0 ? ', compression' : ''}`;
  canvas.text(where, PAGE.margin, y + 6, { size: 9, weight: 'bold' });
  const gap = 10;
  const side = (WIDTH - gap * PICTURED.length) / (PICTURED.length + 1);
  const top = y + 12;
  const boxAt = (index: number) => fitted(crop, PAGE.margin + index * (side + gap), top, side);
  canvas.picture(cordPicture(crop, mask, underlay), boxAt(0));
  canvas.text('Outline on the mean diffusion', PAGE.margin, top + side + 10, { size: 7 });
  canvas.text('image, as acquired', PAGE.margin, top + side + 19, { size: 7 });
  PICTURED.forEach((quantity, index) => {
    const map = maps.find((candidate) => candidate.quantity === quantity);
    const x = PAGE.margin + (index + 1) * (side + gap);
    if (!map) {
      canvas.text(`${QUANTITIES[quantity].symbol}: not computed`, x, top + side / 2, {
        size: 8,
        colour: GREY,
      });
      return;
    }
    const range = RANGES[quantity] ?? [0, 1];
    canvas.picture(cordPicture(crop, mask, underlay, { map, range }), boxAt(index + 1));
    drawColourBar(canvas, map, range, { x, y: top + side + 5, width: side, height: 6 });
  });
  return top + side + 26;
}

/** The crop as large as it goes into a square, its shape kept, standing on the lower edge. */
function fitted(crop: Crop, x: number, y: number, side: number): Box {
  const scale = side / Math.max(crop.widthMm, crop.heightMm);
  const [width, height] = [crop.widthMm * scale, crop.heightMm * scale];
  return { x: x + (side - width) / 2, y: y + side - height, width, height };
}

function drawColourBar(
  canvas: Canvas,
  map: ScalarMap,
  [low, high]: readonly [number, number],
  box: Box,
): void {
  const { symbol, shownUnit } = QUANTITIES[map.quantity];
  const below = box.y + box.height + 8;
  canvas.picture(colourStrip(map), box);
  canvas.text(formatQuantity(map.quantity, low), box.x, below, { size: 7 });
  canvas.text(`${symbol} ${shownUnit}`.trim(), box.x + box.width / 2, below, { size: 7, align: 'centre' });
  canvas.text(formatQuantity(map.quantity, high), box.x + box.width, below, { size: 7, align: 'right' });
}

function drawStatement(canvas: Canvas, { prognosis }: AnalysisRecord, y: number): void {
  canvas.line(PAGE.margin, y - 4, PAGE.width - PAGE.margin, y - 4, LIGHT);
  canvas.text('FA and f before surgery', PAGE.margin, y + 8, { size: 9, weight: 'bold' });
  let at = y + 21;
  for (const line of statementLines(prognosis))
    at = canvas.paragraph(line, PAGE.margin, at, WIDTH, { size: 8.5 }) + 1;
  at += 3;
  for (const statement of prognosis.statements)
    at = canvas.paragraph(statement, PAGE.margin, at, WIDTH, { size: 7, colour: GREY });
}

function statementLines(prognosis: AnalysisRecord['prognosis']): string[] {
  if (prognosis.kind === 'abstained') return [`No statement is made: ${prognosis.reasons.join('; ')}.`];
  const { fa, f, likelihoodRatio: ratio } = prognosis;
  const judged = (name: string, quantity: QuantityId, marker: typeof fa) =>
    `${name} ${formatQuantity(quantity, marker.value)}${QUANTITIES[quantity].shownUnit === '%' ? ' %' : ''}, ` +
    `${marker.position} the cut-off ${formatQuantity(quantity, marker.cutOff)}` +
    (marker.inGreyZone ? ', within its grey zone' : '');
  return [
    prognosis.sentence,
    `${judged('FA', 'fa', fa)}; ${judged('f', 'ivim_f', f)}. Likelihood ratio of good recovery ` +
      `${ratio.value.toFixed(2)} (95 % interval ${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}).`,
    ...prognosis.warnings,
  ];
}
