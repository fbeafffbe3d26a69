/** Names by which the viewer knows our parts. */
export const EXTENSION_ID = '@myelon/extension-cervical-myelopathy';

export const DIFFUSION_HANDLER = 'diffusion';
export const REPORT_HANDLER = 'report';
export const READING_PANEL = 'reading';
export const REPORT_VIEWPORT = 'report';
/** Address of the cohort page, below that of the viewer. */
export const COHORT_PATH = '/myelon/cohort';
export const DATA_SOURCE = 'myelon-dicomweb';
export const HANGING_PROTOCOL = '@myelon/cervical-myelopathy';

export const DIFFUSION_HANDLER_ID = `${EXTENSION_ID}.sopClassHandlerModule.${DIFFUSION_HANDLER}`;
export const REPORT_HANDLER_ID = `${EXTENSION_ID}.sopClassHandlerModule.${REPORT_HANDLER}`;
export const READING_PANEL_ID = `${EXTENSION_ID}.panelModule.${READING_PANEL}`;
export const REPORT_VIEWPORT_ID = `${EXTENSION_ID}.viewportModule.${REPORT_VIEWPORT}`;

/** Viewports of the hanging protocol. */
export const VIEWPORT_IDS = {
  sagittal: 'myelon-sagittal',
  diffusion: 'myelon-diffusion',
  map: 'myelon-map',
  axial: 'myelon-axial',
} as const;

/** Ways to change the outline with the mouse. */
export type OutlineTool = 'brush' | 'eraser' | 'threshold' | 'freehand' | 'spline' | 'none';

/** What the viewer calls them. */
export const OUTLINE_TOOL_NAMES = {
  brush: 'CircularBrush',
  eraser: 'CircularEraser',
  threshold: 'ThresholdCircularBrush',
  freehand: 'MyelonFreehand',
  spline: 'MyelonSpline',
} as const;
