import { QUANTITIES, formatQuantity } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';
import { REPORTED_QUANTITIES, statisticsOfQuantity } from '../measure/region-statistics';
import { GREY, LIGHT, PAGE, type Canvas } from './canvas';

const NAME_WIDTH = 78;
const ROW_HEIGHT = 12.5;
/** A second line holds the standard deviation. */
const TALL_ROW_HEIGHT = 20.5;

/** Mean and standard deviation of every quantity; a missing value is a dash, its reason stands under the table. */
export function drawMetricsTable(
  canvas: Canvas,
  regions: readonly RegionRecord[],
  y: number,
  options: { readonly withSpread: boolean },
): number {
  const columns = REPORTED_QUANTITIES.map(({ quantity }) => quantity);
  const width = (PAGE.width - 2 * PAGE.margin - NAME_WIDTH) / columns.length;
  const rightOf = (index: number) => PAGE.margin + NAME_WIDTH + (index + 1) * width - 2;
  columns.forEach((quantity, index) => {
    const { symbol, shownUnit } = QUANTITIES[quantity];
    canvas.text(symbol, rightOf(index), y, { size: 8, weight: 'bold', align: 'right' });
    canvas.text(shownUnit, rightOf(index), y + 9, { size: 6.5, colour: GREY, align: 'right' });
  });
  let at = y + 14;
  for (const region of regions) {
    canvas.line(PAGE.margin, at, PAGE.width - PAGE.margin, at, LIGHT, 0.4);
    canvas.text(shortened(canvas, region.name), PAGE.margin, at + 9, { size: 8 });
    columns.forEach((quantity, index) => {
      const found = statisticsOfQuantity(region, quantity);
      const value = found ? formatQuantity(quantity, found.mean) : '–';
      if (found && found.sd !== null && options.withSpread) {
        const spread = `± ${formatQuantity(quantity, found.sd)}`;
        canvas.text(spread, rightOf(index), at + 17.5, { size: 7, colour: GREY, align: 'right' });
      }
      canvas.text(value, rightOf(index), at + 9, { size: 8, align: 'right' });
    });
    at += options.withSpread ? TALL_ROW_HEIGHT : ROW_HEIGHT;
  }
  canvas.line(PAGE.margin, at, PAGE.width - PAGE.margin, at, LIGHT, 0.4);
  return at + 10;
}

function shortened(canvas: Canvas, name: string): string {
  if (canvas.width(name, { size: 8 }) <= NAME_WIDTH - 4) return name;
  let short = name;
  while (short !== '' && canvas.width(`${short}…`, { size: 8 }) > NAME_WIDTH - 4) short = short.slice(0, -1);
  return `${short}…`;
}

/** "AD, RD: no tensor series was chosen", each reason once. */
export function missingReasons(record: AnalysisRecord): string[] {
  const byReason = new Map<string, Set<string>>();
  for (const { statistics } of record.regions)
    for (const entry of statistics)
      if ('missing' in entry) {
        const symbols = byReason.get(entry.missing) ?? new Set();
        byReason.set(entry.missing, symbols.add(QUANTITIES[entry.quantity].symbol));
      }
  return [...byReason].map(([reason, symbols]) => `${[...symbols].join(', ')}: ${reason}`);
}
