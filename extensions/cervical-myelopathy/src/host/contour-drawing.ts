import { closedSpline } from '@myelon/cord';
import type { Vector3 } from '@myelon/diffusion';
import { DIFFUSION_HANDLER_ID } from '../ids';
import type { HostContext, ShownViewport } from './context';
import { Listeners } from './listeners';
import { worldPoint } from './navigation';
import { viewportDrawing, type ViewportDrawing } from './viewport-drawing';

/** A click this near to the first point closes a spline; nearer to the last one it is the same point, screen pixels. */
const CLOSE_PX = 8;
const SAME_PX = 3;

type Kind = 'freehand' | 'spline';

interface Line {
  readonly kind: Kind;
  readonly on: ShownViewport;
  readonly drawing: ViewportDrawing;
  readonly points: Vector3[];
  hover: Vector3 | null;
}

export interface ContourDrawing {
  /** Which line the primary button draws; null: none. A line under way is given up. */
  use(kind: Kind | null): void;
  watchViewports(): void;
  onContour(listener: (contour: readonly Vector3[]) => void): () => void;
}

/**
 * Draws a closed line on diffusion images: a free line while the button is down, or a spline click by click, closed by
 * a click on its first point, a double click or Enter. Escape gives up, Backspace takes the last point back.
 */
export function contourDrawing(context: HostContext): ContourDrawing {
  const done = new Listeners<readonly Vector3[]>();
  const pen = new Pen((contour) => {
    done.tell(contour);
  });
  pen.listen();
  const watched = new WeakSet<HTMLElement>();
  const watch = (on: ShownViewport) => {
    const { element } = on.viewport;
    if (watched.has(element)) return;
    watched.add(element);
    const take = (event: MouseEvent, act: () => void) => {
      if (!pen.draws || event.button !== 0 || event.shiftKey || !showsDiffusion(context, on.id)) return;
      // Before the viewer's own listeners, which would start a double click or another tool.
      event.stopImmediatePropagation();
      act();
    };
    const press = (event: MouseEvent) => {
      take(event, () => {
        pen.press(on, event);
      });
    };
    const close = (event: MouseEvent) => {
      take(event, () => {
        pen.finish();
      });
    };
    element.addEventListener('mousedown', press, { capture: true });
    element.addEventListener('dblclick', close, { capture: true });
  };
  return {
    use: (kind) => {
      pen.use(kind);
    },
    watchViewports() {
      for (const on of context.viewports()) watch(on);
    },
    onContour: (listener) => done.add(listener),
  };
}

/** The line under way. */
class Pen {
  private kind: Kind | null = null;
  private line: Line | null = null;

  constructor(private readonly onDone: (contour: readonly Vector3[]) => void) {}

  get draws(): boolean {
    return this.kind !== null;
  }

  use(kind: Kind | null): void {
    if (kind === this.kind) return;
    this.kind = kind;
    this.giveUp();
  }

  listen(): void {
    window.addEventListener('mousemove', (event) => {
      this.move(event);
    });
    window.addEventListener('mouseup', () => {
      if (this.line?.kind === 'freehand') this.finish();
    });
    const onKey = (event: KeyboardEvent) => {
      if (!this.key(event.key)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', onKey, { capture: true });
  }

  press(on: ShownViewport, event: MouseEvent): void {
    const point = worldPoint(on.viewport, event);
    if (!point) return;
    if (this.line?.on.viewport !== on.viewport) this.giveUp();
    const line = (this.line ??= this.start(on));
    const [first] = line.points;
    const closes = line.kind === 'spline' && line.points.length >= 3 && first;
    if (closes && near(line, first, point, CLOSE_PX)) this.finish();
    else add(line, point);
  }

  finish(): void {
    if (!this.line) return;
    const { points, kind } = this.line;
    this.giveUp();
    if (points.length >= 3) this.onDone(kind === 'spline' ? closedSpline(points) : points);
  }

  private start(on: ShownViewport): Line {
    const drawing = viewportDrawing(on.viewport);
    const line: Line = { kind: this.kind ?? 'freehand', on, drawing, points: [], hover: null };
    drawing.show(() => pictureOf(line));
    return line;
  }

  private giveUp(): void {
    this.line?.drawing.remove();
    this.line = null;
  }

  private move(event: MouseEvent): void {
    const { line } = this;
    const point = line && worldPoint(line.on.viewport, event);
    if (!line || !point) return;
    if (line.kind === 'spline') line.hover = point;
    else add(line, point);
    line.drawing.refresh();
  }

  /** @returns true when the key was meant for the line */
  private key(name: string): boolean {
    if (!this.line) return false;
    if (name === 'Escape') this.giveUp();
    else if (name === 'Enter') this.finish();
    else if (name === 'Backspace') {
      this.line.points.pop();
      this.line.drawing.refresh();
    } else return false;
    return true;
  }
}

function showsDiffusion(context: HostContext, viewportId: string): boolean {
  return context.displaySetOf(viewportId)?.SOPClassHandlerId === DIFFUSION_HANDLER_ID;
}

function add(line: Line, point: Vector3): void {
  const last = line.points.at(-1);
  if (last && near(line, last, point, SAME_PX)) return;
  line.points.push(point);
  line.drawing.refresh();
}

function near({ on }: Line, p: Vector3, q: Vector3, pixels: number): boolean {
  const [a, b] = [on.viewport.worldToCanvas([...p]), on.viewport.worldToCanvas([...q])];
  return Math.hypot(a[0] - b[0], a[1] - b[1]) <= pixels;
}

/** The line so far, closed where a spline will close, and its points. */
function pictureOf({ kind, points, hover }: Line) {
  const all = hover ? [...points, hover] : points;
  const path = kind === 'spline' && all.length >= 3 ? closedSpline(all) : all;
  return {
    lines: [{ points: path, closed: kind === 'spline' && all.length >= 3 }],
    dots: kind === 'spline' ? points : [],
  };
}
