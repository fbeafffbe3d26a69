import { OUTLINE_TOOL_NAMES } from '@myelon/extension-cervical-myelopathy/viewer-names';

const PRIMARY_BUTTON = 1;
const NEEDS_OUTLINE = 'evaluate.cornerstone.segmentation';

function toolButton(
  id: string,
  toolName: string,
  icon: string,
  label: string,
  evaluator: string = NEEDS_OUTLINE,
) {
  return {
    id,
    uiType: 'ohif.toolButton',
    props: {
      icon,
      label,
      tooltip: label,
      commands: {
        commandName: 'setToolActiveToolbar',
        commandOptions: { toolName, toolGroupIds: ['default'], bindings: [{ mouseButton: PRIMARY_BUTTON }] },
      },
      evaluate: {
        name: evaluator,
        toolNames: [toolName],
        disabledText: 'Find or draw the cord first',
      },
    },
  };
}

/**
 * As the stock button, but without its listener, which makes the active viewport the source of the lines: here they
 * always show where the diffusion slice lies.
 */
const referenceLines = {
  id: 'ReferenceLines',
  uiType: 'ohif.toolButton',
  props: {
    icon: 'tool-referenceLines',
    label: 'Reference lines',
    tooltip: 'Show or hide the line of the diffusion slice',
    commands: 'toggleEnabledDisabledToolbar',
    evaluate: 'evaluate.cornerstoneTool.toggle',
  },
};

/** Outline tools in the main toolbar: the stock ones live in a panel this mode does not show. */
export const readingToolbarButtons = [
  toolButton('MyelonBrush', OUTLINE_TOOL_NAMES.brush, 'icon-tool-brush', 'Cord brush'),
  toolButton('MyelonEraser', OUTLINE_TOOL_NAMES.eraser, 'icon-tool-eraser', 'Cord eraser'),
  toolButton('MyelonThreshold', OUTLINE_TOOL_NAMES.threshold, 'icon-tool-threshold', 'Cord threshold brush'),
  toolButton(
    OUTLINE_TOOL_NAMES.freehand,
    OUTLINE_TOOL_NAMES.freehand,
    'icon-tool-freehand-roi',
    'Draw the outline of a slice',
    'evaluate.cornerstoneTool',
  ),
  toolButton(
    OUTLINE_TOOL_NAMES.spline,
    OUTLINE_TOOL_NAMES.spline,
    'icon-tool-spline-roi',
    'Outline a slice by a spline',
    'evaluate.cornerstoneTool',
  ),
  referenceLines,
];

export const readingToolbarSection = {
  primary: [
    'WindowLevel',
    'Pan',
    'Zoom',
    'MyelonBrush',
    'MyelonEraser',
    'MyelonThreshold',
    OUTLINE_TOOL_NAMES.freehand,
    OUTLINE_TOOL_NAMES.spline,
    'MeasurementTools',
    'Capture',
    'Layout',
    'MoreTools',
  ],
};
