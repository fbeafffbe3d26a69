import type {
  DataSource,
  DicomWebConfiguration,
  DisplaySet,
  ExtensionManager,
  ServicesManager,
} from '../host/ohif';
import { pageOutbox } from '../host/outbox';
import { DATA_SOURCE, DIFFUSION_HANDLER_ID } from '../ids';
import { stockDataSource } from '../read-only-data-sources';
import { storeDicom } from './store-dicom';

/**
 * `myelon-dicomweb`: reads as the viewer's own DICOMweb source does, with all its settings, and stores through
 * the outbox. The stock source takes every answer of the archive for success.
 */
export function dataSourcesModule() {
  return [{ name: DATA_SOURCE, type: 'webApi', createDataSource }];
}

function createDataSource(
  configuration: DicomWebConfiguration,
  servicesManager: ServicesManager,
  extensionManager: ExtensionManager,
): DataSource {
  const reading = stockDataSource(configuration, servicesManager, extensionManager);
  const { userAuthenticationService } = servicesManager.services;
  const headers = () => {
    const header = userAuthenticationService.getAuthorizationHeader()?.['Authorization'];
    return header === undefined ? {} : { Authorization: header };
  };
  return {
    ...reading,
    store: {
      ...reading.store,
      dicom: storeDicom({
        configuration: () => reading.getConfig(),
        headers,
        outbox: pageOutbox(servicesManager.services),
      }),
    },
    getImageIdsForDisplaySet(displaySet: DisplaySet): string[] {
      const shown = displaySet.SOPClassHandlerId === DIFFUSION_HANDLER_ID ? displaySet.imageIds : undefined;
      return shown ?? reading.getImageIdsForDisplaySet.call(this, displaySet);
    },
  };
}
