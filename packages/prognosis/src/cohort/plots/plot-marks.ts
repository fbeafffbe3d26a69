import { scaleLinear } from 'd3-scale';
import type { CohortPlot, PlotColour, PlotLayer, PlotPoint } from './cohort-plot';

/** Something to draw, in points or pixels from the upper left corner. */
export type PlotMark =
  | {
      readonly kind: 'path';
      readonly points: readonly PlotPoint[];
      readonly colour: PlotColour;
      readonly width: number;
      readonly dashed: boolean;
    }
  | { readonly kind: 'area'; readonly points: readonly PlotPoint[]; readonly colour: PlotColour }
  | {
      readonly kind: 'dot';
      readonly x: number;
      readonly y: number;
      readonly colour: PlotColour;
      readonly hollow: boolean;
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly align: 'left' | 'centre' | 'right';
      /** Turned to read upwards. */
      readonly upright: boolean;
      readonly size: number;
    };

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

const MARGIN = { left: 52, right: 10, top: 8, bottom: 36 } as const;
const TEXT_SIZE = 10;

/** The marks of a plot in a box of this size: axes, ticks, layers, legend below. */
export function plotMarks(plot: CohortPlot, { width, height }: PlotSize): PlotMark[] {
  const named = plot.layers.filter(({ name }) => name !== '');
  const legendRows = Math.ceil(named.length / 2);
  const bottom = height - MARGIN.bottom - legendRows * 14 - 2;
  const x = scaleLinear([...plot.x.domain], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([...plot.y.domain], [bottom, MARGIN.top]);
  const toBox = ([px, py]: PlotPoint): PlotPoint => [x(px), y(py)];
  return [
    ...axisMarks(plot, x, y, { width, bottom }),
    ...plot.layers.flatMap((layer) => layerMarks(layer, toBox)),
    ...named.flatMap((layer, i) =>
      legendMarks(
        layer,
        MARGIN.left + (i % 2) * ((width - MARGIN.left) / 2),
        bottom + MARGIN.bottom + 9 + Math.floor(i / 2) * 14,
      ),
    ),
  ];
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

function axisMarks(
  plot: CohortPlot,
  x: Scale,
  y: Scale,
  { width, bottom }: { width: number; bottom: number },
): PlotMark[] {
  const right = width - MARGIN.right;
  const line = (points: PlotPoint[], thickness: number): PlotMark => ({
    kind: 'path',
    points,
    colour: 'neutral',
    width: thickness,
    dashed: false,
  });
  const text = (
    words: string,
    at: PlotPoint,
    align: 'left' | 'centre' | 'right',
    upright = false,
  ): PlotMark => ({
    kind: 'text',
    text: words,
    x: at[0],
    y: at[1],
    align,
    upright,
    size: TEXT_SIZE,
  });
  const [formatX, formatY] = [x.tickFormat(6), y.tickFormat(6)];
  return [
    line(
      [
        [MARGIN.left, MARGIN.top],
        [MARGIN.left, bottom],
        [right, bottom],
      ],
      1,
    ),
    ...x.ticks(6).flatMap((tick) => [
      line(
        [
          [x(tick), bottom],
          [x(tick), bottom + 4],
        ],
        1,
      ),
      text(plain(formatX(tick)), [x(tick), bottom + 14], 'centre'),
    ]),
    ...y.ticks(6).flatMap((tick) => [
      line(
        [
          [MARGIN.left - 4, y(tick)],
          [MARGIN.left, y(tick)],
        ],
        1,
      ),
      text(plain(formatY(tick)), [MARGIN.left - 7, y(tick) + 3.5], 'right'),
    ]),
    text(plot.x.label, [(MARGIN.left + right) / 2, bottom + 30], 'centre'),
    text(plot.y.label, [12, (MARGIN.top + bottom) / 2], 'centre', true),
  ];
}

/** d3 writes a typographic minus, which not every font has. */
function plain(tick: string): string {
  return tick.replace('\u2212', '-');
}

function layerMarks(layer: PlotLayer, toBox: (point: PlotPoint) => PlotPoint): PlotMark[] {
  const { colour } = layer;
  switch (layer.kind) {
    case 'line':
      return [
        { kind: 'path', points: layer.points.map(toBox), colour, width: 1.6, dashed: layer.dashed ?? false },
      ];
    case 'band':
      return [{ kind: 'area', points: [...layer.lower, ...layer.upper.toReversed()].map(toBox), colour }];
    case 'points':
      return layer.points.map((point) => {
        const [x, y] = toBox(point);
        return { kind: 'dot', x, y, colour, hollow: layer.hollow ?? false };
      });
    case 'intervals':
      return layer.bars.map(({ x, low, high }) => ({
        kind: 'path',
        points: [toBox([x, low]), toBox([x, high])],
        colour,
        width: 1,
        dashed: false,
      }));
  }
}

function legendMarks(layer: PlotLayer, x: number, y: number): PlotMark[] {
  const { colour } = layer;
  const sample: PlotMark =
    layer.kind === 'points'
      ? { kind: 'dot', x: x + 9, y: y - 3.5, colour, hollow: layer.hollow ?? false }
      : layer.kind === 'band'
        ? {
            kind: 'area',
            points: [
              [x, y - 8],
              [x + 18, y - 8],
              [x + 18, y],
              [x, y],
            ],
            colour,
          }
        : {
            kind: 'path',
            points: [
              [x, y - 3.5],
              [x + 18, y - 3.5],
            ],
            colour,
            width: 1.6,
            dashed: layer.kind === 'line' && (layer.dashed ?? false),
          };
  return [
    sample,
    { kind: 'text', text: layer.name, x: x + 23, y, align: 'left', upright: false, size: TEXT_SIZE },
  ];
}
