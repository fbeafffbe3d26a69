import type { DiscName } from '@myelon/cord';
import type { Vector3 } from '@myelon/diffusion';
import type { ImageViewport } from './ohif';
import type { LevelLine } from './viewer-host';

const SVG = 'http://www.w3.org/2000/svg';
/** Event name of Cornerstone, a fixed string in every version. */
const IMAGE_RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
const KNOWN_COLOUR = '#f4f4f5';
const PROPOSED_COLOUR = '#a9b4c2';

export interface LevelLines {
  show(lines: readonly LevelLine[]): void;
  remove(): void;
}

/**
 * Disc lines with their names over a sagittal viewport; each has a handle to drag it along the spine.
 * @param onMoved gets where the end in the cord was dragged to, LPS mm
 */
export function levelLines(
  viewport: ImageViewport,
  onMoved: (name: DiscName, pointMm: Vector3) => void,
): LevelLines {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('data-cy', 'myelon-levels');
  svg.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;z-index:5';
  viewport.element.append(svg);
  let lines: readonly LevelLine[] = [];
  let dragging = false;

  const refresh = () => {
    if (dragging) return;
    svg.replaceChildren(...lines.map((line) => group(line)));
  };
  const group = (line: LevelLine): SVGElement => {
    const [from, to] = [viewport.worldToCanvas([...line.from]), viewport.worldToCanvas([...line.to])];
    const one = drawnLine(line, from, to);
    const handle = one.querySelector('circle');
    handle?.addEventListener('pointerdown', (event) => {
      dragging = true;
      const start = event.clientY;
      handle.setPointerCapture(event.pointerId);
      const move = ({ clientY }: PointerEvent) => {
        one.setAttribute('transform', `translate(0 ${String(clientY - start)})`);
      };
      handle.addEventListener('pointermove', move);
      handle.addEventListener(
        'pointerup',
        ({ clientY }) => {
          dragging = false;
          handle.removeEventListener('pointermove', move);
          const [x, y, z] = viewport.canvasToWorld([from[0], from[1] + clientY - start]);
          if (clientY === start) refresh();
          else onMoved(line.name, [x, y, z]);
        },
        { once: true },
      );
    });
    // The viewer's own tools must not take the drag.
    for (const type of ['mousedown', 'pointerdown', 'dblclick', 'touchstart']) {
      one.addEventListener(type, (event) => {
        event.stopPropagation();
      });
    }
    return one;
  };
  viewport.element.addEventListener(IMAGE_RENDERED, refresh);
  return {
    show(next) {
      lines = next;
      refresh();
    },
    remove() {
      viewport.element.removeEventListener(IMAGE_RENDERED, refresh);
      svg.remove();
    },
  };
}

function drawnLine(
  { name, known }: LevelLine,
  from: readonly [number, number] | readonly number[],
  to: readonly [number, number] | readonly number[],
): SVGElement {
  const colour = known ? KNOWN_COLOUR : PROPOSED_COLOUR;
  const one = document.createElementNS(SVG, 'g');
  one.setAttribute('data-disc', name);
  const stroke = document.createElementNS(SVG, 'line');
  for (const [key, value] of Object.entries({ x1: from[0], y1: from[1], x2: to[0], y2: to[1] })) stroke.setAttribute(key, String(value)); // prettier-ignore
  stroke.setAttribute('style', `stroke:${colour};stroke-width:1.5;${known ? '' : 'stroke-dasharray:4 3'}`);
  const text = document.createElementNS(SVG, 'text');
  text.textContent = name;
  text.setAttribute('x', String((to[0] ?? 0) - 10));
  text.setAttribute('y', String((to[1] ?? 0) + 4));
  text.setAttribute('style', `fill:${colour};font:13px sans-serif;text-anchor:end`);
  const handle = document.createElementNS(SVG, 'circle');
  handle.setAttribute('cx', String(to[0]));
  handle.setAttribute('cy', String(to[1]));
  handle.setAttribute('r', '6');
  handle.setAttribute(
    'style',
    `pointer-events:auto;cursor:ns-resize;stroke:${colour};stroke-width:1.5;fill:${known ? colour : 'rgba(0,0,0,0.4)'}`,
  );
  const title = document.createElementNS(SVG, 'title');
  title.textContent = `${name}: ${known ? 'named by a reader' : 'proposed'}; drag to move`;
  handle.append(title);
  one.append(stroke, text, handle);
  return one;
}
