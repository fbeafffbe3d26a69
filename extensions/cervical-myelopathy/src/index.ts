import { cohortRoute } from './cohort-route';
import { dataSourcesModule } from './data-source/data-sources-module';
import { cervicalMyelopathyProtocol } from './hanging-protocol/protocol';
import { VIEW_ROLE_ATTRIBUTE, viewRole } from './hanging-protocol/view-role';
import { READING_COMMANDS, runReadingCommand, viewerCommandName } from './host/commands';
import { createViewerHost, type OwnedViewerHost } from './host/create-viewer-host';
import type { ExtensionParameters } from './host/ohif';
import { EXTENSION_ID, HANGING_PROTOCOL } from './ids';
import { mountOutboxDock } from './panels/outbox-dock';
import { panelModule } from './panel-module';
import { diffusionHandler } from './sop-class-handlers/diffusion-handler';
import { reportHandler } from './sop-class-handlers/report-handler';
import { viewportModule } from './viewport-module';

/** One host for the life of the page: results outlast panels and modes. */
let host: OwnedViewerHost | null = null;

function currentHost(): OwnedViewerHost {
  if (!host) throw new Error('Myelon: the extension was not registered with the viewer');
  return host;
}

/** OHIF extension: diffusion MRI of the cervical cord. */
const extension = {
  id: EXTENSION_ID,

  preRegistration(parameters: ExtensionParameters): void {
    host = createViewerHost(parameters);
    mountOutboxDock(host);
    parameters.servicesManager.services.hangingProtocolService.addCustomAttribute(
      VIEW_ROLE_ATTRIBUTE,
      'What a display set is for Myelon',
      viewRole,
    );
  },

  onModeEnter(): void {
    currentHost().onModeEnter();
  },

  onModeExit(): void {
    currentHost().onModeExit();
  },

  getPanelModule: () => panelModule(currentHost),

  getViewportModule: () => viewportModule(),

  getCommandsModule: () => ({
    definitions: Object.fromEntries(
      READING_COMMANDS.map(({ name }) => [
        viewerCommandName(name),
        () => {
          runReadingCommand(name);
        },
      ]),
    ),
    defaultContext: 'MYELON',
  }),

  getSopClassHandlerModule: ({ extensionManager }: ExtensionParameters) => [
    diffusionHandler(extensionManager),
    reportHandler(),
  ],

  getHangingProtocolModule: () => [{ name: HANGING_PROTOCOL, protocol: cervicalMyelopathyProtocol }],

  getDataSourcesModule: () => dataSourcesModule(),

  getCustomizationModule: () => [
    { name: 'global', value: { 'routes.customRoutes': { routes: { $push: [cohortRoute(currentHost)] } } } },
  ],

  /** For other extensions: the viewer as Myelon uses it. */
  getUtilityModule: () => [{ name: 'host', exports: { viewerHost: currentHost } }],
};

export default extension;
