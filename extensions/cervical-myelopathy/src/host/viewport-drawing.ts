import type { Vector3 } from '@myelon/diffusion';
import type { ImageViewport } from './ohif';

const SVG = 'http://www.w3.org/2000/svg';
/** Event name of Cornerstone, a fixed string in every version. */
const IMAGE_RENDERED = 'CORNERSTONE_IMAGE_RENDERED';

/** What is drawn over a viewport, in patient positions (LPS mm). */
export interface Picture {
  readonly lines: readonly { readonly points: readonly Vector3[]; readonly closed: boolean }[];
  readonly dots: readonly Vector3[];
}

export interface ViewportDrawing {
  /** Draws what `picture` gives, again whenever the viewport shows something else. */
  show(picture: () => Picture): void;
  refresh(): void;
  remove(): void;
}

/** Thin lines over the image of one viewport, in the colour of the outline. */
export function viewportDrawing(viewport: ImageViewport): ViewportDrawing {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'myelon-drawing');
  svg.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;z-index:5';
  viewport.element.append(svg);
  let picture: (() => Picture) | null = null;

  const refresh = () => {
    if (!picture) return;
    const { lines, dots } = picture();
    const at = (point: Vector3) => viewport.worldToCanvas([...point]);
    svg.replaceChildren(
      ...lines.map(({ points, closed }) => {
        const path = document.createElementNS(SVG, closed ? 'polygon' : 'polyline');
        path.setAttribute('points', points.map((point) => at(point).join(',')).join(' '));
        path.setAttribute('style', 'fill:none;stroke:#22d3ee;stroke-width:1.5');
        return path;
      }),
      ...dots.map((dot) => {
        const [x, y] = at(dot);
        const circle = document.createElementNS(SVG, 'circle');
        for (const [name, value] of [['cx', x], ['cy', y], ['r', 3]] as const) circle.setAttribute(name, String(value)); // prettier-ignore
        circle.setAttribute('style', 'fill:#22d3ee');
        return circle;
      }),
    );
  };
  viewport.element.addEventListener(IMAGE_RENDERED, refresh);
  return {
    show(next) {
      picture = next;
      refresh();
    },
    refresh,
    remove() {
      viewport.element.removeEventListener(IMAGE_RENDERED, refresh);
      svg.remove();
    },
  };
}
