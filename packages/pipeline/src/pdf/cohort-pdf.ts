import {
  plotMarks,
  type CohortPlot,
  type PlotColour,
  type PlotMark,
  type ReportItem,
  type ReportTable,
} from '@myelon/prognosis';
import { PDFDocument } from 'pdf-lib';
import type { CohortFindings } from '../cohort';
import type { Rgb } from '../colour-scales';
import { MYELON_VERSION } from '../version';
import { BLACK, Canvas, GREY, LIGHT, PAGE } from './canvas';
import { Typeface } from './typeface';

const WIDTH = PAGE.width - 2 * PAGE.margin;
const BOTTOM = PAGE.height - PAGE.margin - 14;
const PLOT = { width: WIDTH / 2 - 8, height: 230 };

const COLOURS: Readonly<Record<PlotColour, Rgb>> = {
  blue: [0, 114, 178],
  orange: [184, 81, 10],
  green: [0, 122, 90],
  pink: [168, 82, 127],
  neutral: [96, 96, 96],
};

/**
 * The report of a cohort as A4 pages: sections, tables, plots drawn as vectors.
 * @param createdAt ISO 8601; the same findings and time give the same pages
 */
export async function cohortPdf(
  { sections, plots }: Pick<CohortFindings, 'sections' | 'plots'>,
  createdAt: string,
): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const flow = new Flow(document, await Typeface.standard(document));
  flow.title('Cohort report', `Myelon ${MYELON_VERSION}, ${createdAt.slice(0, 16).replace('T', ' ')}`);
  flow.paragraph('RESEARCH USE ONLY. NOT A MEDICAL DEVICE. NOT FOR DECISIONS ABOUT AN INDIVIDUAL PATIENT.');
  const frameAfter = sections.findLastIndex(({ part }) => part === 'results');
  sections.forEach(({ title, items }, index) => {
    flow.heading(title);
    for (const item of items) flow.item(item);
    if (index === frameAfter) flow.plots(plots);
  });
  const made = new Date(createdAt);
  document.setTitle('Cohort report');
  document.setSubject('Research use only. Not a medical device.');
  document.setCreator(`Myelon ${MYELON_VERSION}`);
  document.setProducer('pdf-lib');
  document.setLanguage('en-US');
  document.setCreationDate(made);
  document.setModificationDate(made);
  return document.save();
}

/** Fills pages from top to bottom. */
class Flow {
  private canvas: Canvas;
  private y: number = PAGE.margin;

  constructor(
    private readonly document: PDFDocument,
    private readonly typeface: Typeface,
  ) {
    this.canvas = new Canvas(document, typeface);
  }

  title(words: string, side: string): void {
    this.y += 14;
    this.canvas.text(words, PAGE.margin, this.y, { size: 16, weight: 'bold' });
    this.canvas.text(side, PAGE.width - PAGE.margin, this.y, { size: 8, colour: GREY, align: 'right' });
    this.y += 18;
  }

  heading(words: string): void {
    this.need(40);
    this.y += 10;
    this.canvas.text(words, PAGE.margin, this.y, { size: 11, weight: 'bold' });
    this.y += 14;
  }

  item(item: ReportItem): void {
    switch (item.kind) {
      case 'text':
        this.paragraph(item.text);
        return;
      case 'to fill':
        this.paragraph(`${item.text}: ............ (to be stated by the site)`);
        return;
      case 'list':
        for (const line of item.lines) this.paragraph(`- ${line}`);
        return;
      case 'table':
        this.table(item.table);
    }
  }

  paragraph(words: string): void {
    const style = { size: 8.5 } as const;
    for (const line of this.canvas.lines(words, WIDTH, style)) {
      this.need(12);
      this.canvas.text(line, PAGE.margin, this.y, style);
      this.y += 11.5;
    }
    this.y += 3;
  }

  private table({ title, header, rows, notes }: ReportTable): void {
    this.need(54);
    this.y += 4;
    this.canvas.text(title, PAGE.margin, this.y, { size: 8.5, weight: 'bold' });
    this.y += 12;
    const widths = this.columnWidths([header, ...rows]);
    this.row(header, widths, true);
    for (const row of rows) this.row(row, widths, false);
    this.canvas.line(PAGE.margin, this.y - 8, PAGE.width - PAGE.margin, this.y - 8, LIGHT, 0.4);
    this.y += 2;
    for (const note of notes) this.paragraph(note);
  }

  /** Shares of the page in proportion to the widest cell of each column. */
  private columnWidths(rows: readonly (readonly string[])[]): number[] {
    const widest = (rows[0] ?? []).map((_, column) =>
      Math.min(
        150,
        Math.max(24, ...rows.map((row) => this.canvas.width(row[column] ?? '', { size: 7.5 }) + 8)),
      ),
    );
    const all = widest.reduce((sum, width) => sum + width, 0);
    return widest.map((width) => (width / all) * Math.min(WIDTH, Math.max(all, WIDTH * 0.6)));
  }

  private row(cells: readonly string[], widths: readonly number[], isHeader: boolean): void {
    const style = {
      size: 7.5,
      weight: isHeader ? 'bold' : 'regular',
      colour: isHeader ? GREY : BLACK,
    } as const;
    const lines = cells.map((cell, column) => this.canvas.lines(cell, (widths[column] ?? 0) - 6, style));
    const height = Math.max(1, ...lines.map(({ length }) => length)) * 9.5 + 3;
    this.need(height);
    let x: number = PAGE.margin;
    lines.forEach((cell, column) => {
      cell.forEach((line, index) => {
        this.canvas.text(line, x, this.y + index * 9.5, style);
      });
      x += widths[column] ?? 0;
    });
    this.canvas.line(PAGE.margin, this.y - 8, PAGE.width - PAGE.margin, this.y - 8, LIGHT, 0.4);
    this.y += height;
  }

  /** Two beside each other. */
  plots(plots: readonly CohortPlot[]): void {
    for (let first = 0; first < plots.length; first += 2) {
      const pair = plots.slice(first, first + 2);
      this.need(PLOT.height + 60);
      const bottoms = pair.map((plot, index) => this.plot(plot, PAGE.margin + index * (PLOT.width + 16)));
      this.y = Math.max(...bottoms) + 8;
    }
  }

  private plot(plot: CohortPlot, x: number): number {
    this.canvas.text(plot.title, x, this.y, { size: 9, weight: 'bold' });
    for (const mark of plotMarks(plot, PLOT)) drawMark(this.canvas, mark, x, this.y + 6);
    let y = this.y + PLOT.height + 20;
    for (const note of plot.notes)
      y = this.canvas.paragraph(note, x, y, PLOT.width, { size: 7, colour: GREY });
    return y;
  }

  private need(height: number): void {
    if (this.y + height <= BOTTOM) return;
    this.canvas = new Canvas(this.document, this.typeface);
    this.y = PAGE.margin + 10;
  }
}

function drawMark(canvas: Canvas, mark: PlotMark, x: number, y: number): void {
  switch (mark.kind) {
    case 'path':
      canvas.polyline(moved(mark.points, x, y), COLOURS[mark.colour], mark.width * 0.7, mark.dashed);
      return;
    case 'area':
      canvas.polygon(moved(mark.points, x, y), COLOURS[mark.colour], 0.2);
      return;
    case 'dot':
      canvas.dot(x + mark.x, y + mark.y, mark.hollow ? 1.2 : 2, COLOURS[mark.colour]);
      return;
    case 'text':
      canvas.text(mark.text, x + mark.x, y + mark.y, {
        size: mark.size * 0.75,
        colour: GREY,
        align: mark.align,
        upright: mark.upright,
      });
  }
}

function moved(points: readonly (readonly [number, number])[], dx: number, dy: number) {
  return points.map(([x, y]) => [x + dx, y + dy] as const);
}
