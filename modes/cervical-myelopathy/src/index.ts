import {
  DIFFUSION_HANDLER_ID,
  EXTENSION_ID,
  HANGING_PROTOCOL,
  OUTLINE_TOOL_NAMES,
  READING_PANEL_ID,
  readingHotkeys,
  REPORT_HANDLER_ID,
  REPORT_VIEWPORT_ID,
  VIEWPORT_IDS,
} from '@myelon/extension-cervical-myelopathy/viewer-names';
import { MODE_ID, ROUTE_NAME } from './ids';
import type { LayoutViewport, ModeFactoryParameters, ModeInstance, ModeLifecycle } from './ohif-mode';
import { readingToolbarButtons, readingToolbarSection } from './toolbar';
import { isValidMode } from './validity';

const IMAGE_VIEWPORT = '@ohif/extension-cornerstone.viewportModule.cornerstone';

/** Radius in mm; the viewer's own start value is wider than a cord. */
const BRUSH_RADIUS_MM = 1;

/** The reading panel holds a table; the study browser holds thumbnails in one column. */
const PANEL_WIDTHS_PX = {
  leftPanelInitialExpandedWidth: 180,
  rightPanelInitialExpandedWidth: 420,
  rightPanelMinimumExpandedWidth: 360,
};

/**
 * Stock keys that would make a second segment, or fill between slices, by accident; brush sizes have keys of ours, which
 * the panel follows.
 */
const UNWANTED_HOTKEYS = [
  'addNewSegment',
  'interpolateScrollForMarkerLabelmap',
  'increaseBrushSize',
  'decreaseBrushSize',
];

/** Our own tools, for the tool group of the image viewports. */
const contourTools = {
  passive: [{ toolName: OUTLINE_TOOL_NAMES.freehand }, { toolName: OUTLINE_TOOL_NAMES.spline }],
};

const mode = {
  id: MODE_ID,

  async modeFactory({ loadModules }: ModeFactoryParameters): Promise<Record<string, unknown>> {
    const [basic] = await loadModules(['@ohif/mode-basic']);
    if (!basic) throw new Error('the viewer has no basic mode to build on');
    return cervicalMyelopathyMode(basic.modeInstance);
  },

  extensionDependencies: { [EXTENSION_ID]: '^0.1.0' },
};

export default mode;

/** The mode, on the viewer's basic mode: its tools, its handlers and viewports after ours. */
export function cervicalMyelopathyMode(basic: ModeInstance): Record<string, unknown> {
  const layout = basic.routes[0]?.layoutInstance;
  return {
    ...basic,
    id: MODE_ID,
    routeName: ROUTE_NAME,
    displayName: 'Cervical myelopathy',
    hide: false,
    isValidMode,
    extensions: { ...basic.extensions, [EXTENSION_ID]: '^0.1.0' },
    // As a list: only then the viewer looks for the stage that fits the study.
    hangingProtocol: [HANGING_PROTOCOL],
    sopClassHandlers: [DIFFUSION_HANDLER_ID, REPORT_HANDLER_ID, ...basic.sopClassHandlers],
    // The first button of a name stays.
    toolbarButtons: [
      ...readingToolbarButtons,
      { $reference: 'cornerstone.toolbarButtons' },
      { $reference: 'cornerstone.segmentationToolbarButtons' },
    ],
    toolbarSections: [
      { $reference: 'cornerstone.toolbarSections' },
      { $reference: 'cornerstone.segmentationToolbarSections' },
      readingToolbarSection,
    ],
    toolGroupAdditions: { default: [{ $reference: 'cornerstone.segmentationTools' }, contourTools] },
    modeCustomizations,
    routes: [
      {
        path: ROUTE_NAME,
        layoutTemplate: () => ({
          id: layout?.id,
          props: {
            leftPanels: ['@ohif/extension-default.panelModule.seriesList'],
            leftPanelResizable: true,
            rightPanels: [READING_PANEL_ID],
            rightPanelResizable: true,
            ...PANEL_WIDTHS_PX,
            viewports: viewports(layout?.props.viewports ?? []),
          },
        }),
      },
    ],
    onModeEnter(this: ModeInstance, lifecycle: ModeLifecycle) {
      basic.onModeEnter.call(this, lifecycle);
      addHotkeys(lifecycle);
      showReferenceLines(lifecycle);
      lifecycle.commandsManager?.runCommand('setBrushSize', { value: BRUSH_RADIUS_MM });
    },
    onModeExit(this: ModeInstance, lifecycle: ModeLifecycle) {
      basic.onModeExit.call(this, lifecycle);
    },
  };
}

function viewports(basic: readonly LayoutViewport[]): LayoutViewport[] {
  const withDiffusion = basic.map((viewport) =>
    viewport.namespace === IMAGE_VIEWPORT
      ? { ...viewport, displaySetsToDisplay: [DIFFUSION_HANDLER_ID, ...viewport.displaySetsToDisplay] }
      : viewport,
  );
  return [...withDiffusion, { namespace: REPORT_VIEWPORT_ID, displaySetsToDisplay: [REPORT_HANDLER_ID] }];
}

/**
 * Stock saving writes what few archives accept unless told otherwise, and stock report loading fails on measurements
 * that are not drawn on an image.
 */
const modeCustomizations = {
  'segmentation.store.defaultMode': 'bitmap',
  'segmentation.store.transferSyntaxUID': '1.2.840.10008.1.2.1',
  onBeforeSRAddMeasurement: ({ measurement }: { measurement: { coords?: unknown[] } }) =>
    measurement.coords?.length ? measurement : { ...measurement, coords: [{}] },
};

function addHotkeys({ servicesManager }: ModeLifecycle): void {
  const { customizationService } = servicesManager.services;
  const stock = customizationService.getCustomization('ohif.hotkeyBindings');
  const kept = (Array.isArray(stock) ? (stock as { commandName: string }[]) : []).filter(
    ({ commandName }) => !UNWANTED_HOTKEYS.includes(commandName) && !commandName.startsWith('myelon'),
  );
  customizationService.setCustomizations({ 'ohif.hotkeyBindings': [...kept, ...readingHotkeys()] });
}

/** The current diffusion slice as a line in the other viewports. */
function showReferenceLines({ servicesManager }: ModeLifecycle): void {
  const group = servicesManager.services.toolGroupService.getToolGroup('default');
  if (!group?.hasTool('ReferenceLines')) return;
  group.setToolConfiguration('ReferenceLines', { sourceViewportId: VIEWPORT_IDS.diffusion });
  group.setToolEnabled('ReferenceLines');
}
