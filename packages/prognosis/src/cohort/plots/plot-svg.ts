import type { CohortPlot, PlotColour } from './cohort-plot';
import { plotMarks, type PlotMark, type PlotSize } from './plot-marks';

/** Colours on a ground; after Okabe and Ito, which colour-blind readers can tell apart. */
export type PlotTheme = Readonly<Record<PlotColour | 'text' | 'ground', string>>;

export const PRINT_THEME: PlotTheme = {
  blue: '#0072b2',
  orange: '#b8510a',
  green: '#007a5a',
  pink: '#a8527f',
  neutral: '#606060',
  text: '#202020',
  ground: '#ffffff',
};

export const DARK_THEME: PlotTheme = {
  blue: '#56b4e9',
  orange: '#f0a53c',
  green: '#35c79a',
  pink: '#e08fbf',
  neutral: '#a0a8b0',
  text: '#e6e9ec',
  ground: 'none',
};

/** A plot as an SVG document. */
export function plotSvg(plot: CohortPlot, size: PlotSize, theme: PlotTheme): string {
  const { width, height } = size;
  const box = `${String(width)} ${String(height)}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${box}" width="${String(width)}" height="${String(height)}" ` +
    `font-family="sans-serif" role="img" aria-label="${escaped([plot.title, ...plot.notes].join('. '))}">` +
    (theme.ground === 'none' ? '' : `<rect width="100%" height="100%" fill="${theme.ground}"/>`) +
    plotMarks(plot, size)
      .map((mark) => svgOf(mark, theme))
      .join('') +
    '</svg>\n'
  );
}

function svgOf(mark: PlotMark, theme: PlotTheme): string {
  switch (mark.kind) {
    case 'path':
      return (
        `<path d="${pathData(mark.points)}" fill="none" stroke="${theme[mark.colour]}" ` +
        `stroke-width="${String(mark.width)}"${mark.dashed ? ' stroke-dasharray="5 4"' : ''}/>`
      );
    case 'area':
      return `<path d="${pathData(mark.points)}Z" fill="${theme[mark.colour]}" fill-opacity="0.22"/>`;
    case 'dot':
      return mark.hollow
        ? `<circle cx="${short(mark.x)}" cy="${short(mark.y)}" r="2.6" fill="none" stroke="${theme[mark.colour]}"/>`
        : `<circle cx="${short(mark.x)}" cy="${short(mark.y)}" r="3" fill="${theme[mark.colour]}"/>`;
    case 'text': {
      const anchor = { left: 'start', centre: 'middle', right: 'end' }[mark.align];
      const turned = mark.upright ? ` transform="rotate(-90 ${short(mark.x)} ${short(mark.y)})"` : '';
      return `<text x="${short(mark.x)}" y="${short(mark.y)}" font-size="${String(mark.size)}" fill="${theme.text}" text-anchor="${anchor}"${turned}>${escaped(mark.text)}</text>`;
    }
  }
}

/** SVG path data of a polyline. */
export function pathData(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
