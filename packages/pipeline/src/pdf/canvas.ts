import {
  concatTransformationMatrix,
  degrees,
  drawObject,
  popGraphicsState,
  pushGraphicsState,
  rgb,
  type PDFDocument,
  type PDFPage,
} from 'pdf-lib';
import type { Rgb } from '../colour-scales';
import type { Typeface, Weight } from './typeface';

/** A4, points. */
export const PAGE = { width: 595.28, height: 841.89, margin: 40 } as const;

/** A picture: three bytes per pixel, rows from the top. */
export interface RgbPicture {
  readonly columns: number;
  readonly rows: number;
  readonly pixels: Uint8Array;
}

export interface TextStyle {
  readonly size?: number;
  readonly weight?: Weight;
  readonly colour?: Rgb;
  readonly align?: 'left' | 'right' | 'centre';
  /** Turned to read upwards. */
  readonly upright?: boolean;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const BLACK: Rgb = [20, 20, 20];
export const GREY: Rgb = [100, 100, 100];
export const LIGHT: Rgb = [205, 205, 205];

const colourOf = ([red, green, blue]: Rgb) => rgb(red / 255, green / 255, blue / 255);

/** One page, with y in points from its top. */
export class Canvas {
  private readonly page: PDFPage;

  constructor(
    private readonly document: PDFDocument,
    private readonly typeface: Typeface,
  ) {
    this.page = document.addPage([PAGE.width, PAGE.height]);
  }

  width(text: string, { size = 9, weight = 'regular' }: TextStyle = {}): number {
    return this.typeface.width(text, size, weight);
  }

  /** One line; `y` is that of the baseline. */
  text(text: string, x: number, y: number, style: TextStyle = {}): void {
    const { size = 9, weight = 'regular', colour = BLACK, align = 'left', upright = false } = style;
    const width = align === 'left' ? 0 : this.typeface.width(text, size, weight);
    let along = -(align === 'right' ? width : align === 'centre' ? width / 2 : 0);
    for (const { text: piece, font } of this.typeface.runs(text, weight)) {
      const at = upright
        ? { x, y: PAGE.height - y + along, rotate: degrees(90) }
        : { x: x + along, y: PAGE.height - y };
      this.page.drawText(piece, { ...at, size, font, color: colourOf(colour) });
      along += font.widthOfTextAtSize(piece, size);
    }
  }

  /** Text in as many lines as it needs. @returns y below the last line */
  paragraph(text: string, x: number, y: number, width: number, style: TextStyle = {}): number {
    const { size = 9 } = style;
    let at = y;
    for (const line of this.lines(text, width, style)) {
      this.text(line, x, at, style);
      at += size * 1.35;
    }
    return at;
  }

  /** Breaks at spaces; a word longer than a line is broken anywhere. */
  lines(text: string, width: number, style: TextStyle = {}): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(/\s+/u).filter((piece) => piece !== '')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (this.width(longer, style) <= width) {
        line = longer;
        continue;
      }
      if (line !== '') lines.push(line);
      line = '';
      for (const character of word) {
        if (line !== '' && this.width(line + character, style) > width) {
          lines.push(line);
          line = '';
        }
        line += character;
      }
    }
    return line === '' ? lines : [...lines, line];
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: Rgb = LIGHT, thickness = 0.6): void {
    const start = { x: x1, y: PAGE.height - y1 };
    this.page.drawLine({ start, end: { x: x2, y: PAGE.height - y2 }, thickness, color: colourOf(colour) });
  }

  polyline(
    points: readonly (readonly [number, number])[],
    colour: Rgb,
    thickness: number,
    dashed: boolean,
  ): void {
    if (points.length < 2) return;
    this.page.drawSvgPath(svgPath(points), {
      x: 0,
      y: PAGE.height,
      borderColor: colourOf(colour),
      borderWidth: thickness,
      ...(dashed ? { borderDashArray: [4, 3] } : {}),
    });
  }

  /** Closed and filled. */
  polygon(points: readonly (readonly [number, number])[], colour: Rgb, opacity: number): void {
    if (points.length < 3) return;
    this.page.drawSvgPath(`${svgPath(points)}Z`, {
      x: 0,
      y: PAGE.height,
      color: colourOf(colour),
      opacity,
    });
  }

  /** Filled, without border. */
  area({ x, y, width, height }: Box, colour: Rgb, opacity = 1): void {
    this.page.drawRectangle({
      x,
      y: PAGE.height - y - height,
      width,
      height,
      color: colourOf(colour),
      opacity,
    });
  }

  dot(x: number, y: number, radius: number, colour: Rgb): void {
    this.page.drawCircle({ x, y: PAGE.height - y, size: radius, color: colourOf(colour) });
  }

  picture({ columns, rows, pixels }: RgbPicture, { x, y, width, height }: Box): void {
    const image = this.document.context.flateStream(pixels, {
      Type: 'XObject',
      Subtype: 'Image',
      Width: columns,
      Height: rows,
      ColorSpace: 'DeviceRGB',
      BitsPerComponent: 8,
    });
    const name = this.page.node.newXObject('Picture', this.document.context.register(image));
    this.page.pushOperators(
      pushGraphicsState(),
      concatTransformationMatrix(width, 0, 0, height, x, PAGE.height - y - height),
      drawObject(name),
      popGraphicsState(),
    );
  }
}

function svgPath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join(' ');
}
