const PRIMARY_BUTTON = 1;

function toolButton(id: string, toolName: string, icon: string, label: string) {
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
        name: 'evaluate.cornerstone.segmentation',
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
  toolButton('MyelonBrush', 'CircularBrush', 'icon-tool-brush', 'Cord brush'),
  toolButton('MyelonEraser', 'CircularEraser', 'icon-tool-eraser', 'Cord eraser'),
  referenceLines,
];

export const readingToolbarSection = {
  primary: [
    'WindowLevel',
    'Pan',
    'Zoom',
    'MyelonBrush',
    'MyelonEraser',
    'MeasurementTools',
    'Capture',
    'Layout',
    'MoreTools',
  ],
};
