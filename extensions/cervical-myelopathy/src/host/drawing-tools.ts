import { DIFFUSION_HANDLER_ID, OUTLINE_TOOL_NAMES, VIEWPORT_IDS, type OutlineTool } from '../ids';
import { contourDrawing } from './contour-drawing';
import type { HostContext } from './context';
import { Listeners } from './listeners';
import { history } from './outline';
import type { HostDrawing } from './viewer-host';

const TOOL_GROUP = 'default';
const PRIMARY_BUTTON = 1;
const NO_TOOL = 'WindowLevel';
/** Event names of Cornerstone, fixed strings in every version. */
const TOOL_ACTIVATED = 'CORNERSTONE_TOOLS_TOOL_ACTIVATED';

export interface OwnedDrawing extends HostDrawing {
  /** Makes our tools known to the viewer before its tool groups are made. */
  open(): void;
  /** Watches the viewports that are there now. */
  watchViewports(): void;
}

/**
 * What the primary mouse button draws. Brush, eraser and threshold brush are the viewer's own; its contour tools make
 * contour segments, which it cannot turn into the voxels of a labelmap without a module of its own server, so free line
 * and spline are ours.
 */
export function hostDrawing(context: HostContext): OwnedDrawing {
  const changed = new Listeners<OutlineTool>();
  const contours = contourDrawing(context);
  let registered = false;
  let active: OutlineTool = 'none';
  const watched = new WeakSet<HTMLElement>();

  const take = () => {
    const name = context.services.toolGroupService
      .getToolGroup(TOOL_GROUP)
      ?.getActivePrimaryMouseButtonTool();
    const next = OUTLINE_TOOLS.find((tool) => OUTLINE_TOOL_NAMES[tool] === name) ?? 'none';
    contours.use(next === 'freehand' || next === 'spline' ? next : null);
    if (next === active) return;
    active = next;
    changed.tell(next);
  };

  return {
    open() {
      if (registered) return;
      registered = true;
      registerMarkers(context);
      context.cornerstone.eventTarget.addEventListener(TOOL_ACTIVATED, take);
    },
    watchViewports() {
      contours.watchViewports();
      for (const on of context.viewports()) {
        if (watched.has(on.viewport.element)) continue;
        watched.add(on.viewport.element);
        on.viewport.element.addEventListener('pointerenter', () => {
          if (active !== 'none') makeActive(context, on.id);
        });
      }
    },
    activate(tool, diameterMm) {
      if (tool !== 'none') makeActive(context, VIEWPORT_IDS.diffusion);
      if (tool !== 'none') context.commands.runCommand('setBrushSize', { value: diameterMm / 2 });
      context.commands.runCommand('setToolActiveToolbar', {
        toolName: tool === 'none' ? NO_TOOL : OUTLINE_TOOL_NAMES[tool],
        toolGroupIds: [TOOL_GROUP],
        bindings: [{ mouseButton: PRIMARY_BUTTON }],
      });
    },
    onToolChange: (listener) => changed.add(listener),
    setThresholdRange(range) {
      context.commands.runCommand('setThresholdRange', {
        value: [...range],
        toolNames: [OUTLINE_TOOL_NAMES.threshold],
      });
    },
    onContour: (listener) => contours.onContour(listener),
    undo() {
      history(context).undo();
    },
    redo() {
      history(context).redo();
    },
  };
}

/**
 * Makes a viewport with diffusion images the active one before the first stroke: the viewer offers tools by what the
 * active viewport shows, and loses a stroke that begins with making another viewport active.
 */
function makeActive(context: HostContext, viewportId: string): void {
  const { viewportGridService } = context.services;
  const shows = context.displaySetOf(viewportId)?.SOPClassHandlerId === DIFFUSION_HANDLER_ID;
  if (shows && viewportGridService.getActiveViewportId() !== viewportId)
    viewportGridService.setActiveViewportId(viewportId);
}

const OUTLINE_TOOLS = ['brush', 'eraser', 'threshold', 'freehand', 'spline'] as const;

/** Tools that do nothing of their own: while one is active, the line is drawn by {@link contourDrawing}. */
function registerMarkers({ tools }: HostContext): void {
  const { BaseTool } = tools;
  class Freehand extends BaseTool {
    static override toolName = OUTLINE_TOOL_NAMES.freehand;
  }
  class Spline extends BaseTool {
    static override toolName = OUTLINE_TOOL_NAMES.spline;
  }
  tools.addTool(Freehand);
  tools.addTool(Spline);
}
