import type { DataSource, DicomWebConfiguration, ExtensionManager, ServicesManager } from './host/ohif';
import { DATA_SOURCE } from './ids';

export const STOCK_DICOMWEB = '@ohif/extension-default.dataSourcesModule.dicomweb';

interface DataSourceModule {
  createDataSource(
    configuration: DicomWebConfiguration,
    servicesManager: ServicesManager,
    extensionManager: ExtensionManager,
  ): DataSource;
}

/** The viewer's own DICOMweb source. */
export function stockDataSource(
  configuration: DicomWebConfiguration,
  servicesManager: ServicesManager,
  extensionManager: ExtensionManager,
): DataSource {
  const stock = extensionManager.getModuleEntry(STOCK_DICOMWEB) as DataSourceModule | undefined;
  if (!stock) throw new Error(`${STOCK_DICOMWEB} is missing: register @ohif/extension-default before Myelon`);
  return stock.createDataSource(configuration, servicesManager, extensionManager);
}

/** `myelon-dicomweb` when the rest of the extension could not be loaded: reads, and refuses to store. */
export function readOnlyDataSources() {
  return [
    {
      name: DATA_SOURCE,
      type: 'webApi',
      createDataSource(...parameters: Parameters<typeof stockDataSource>): DataSource {
        const reading = stockDataSource(...parameters);
        const dicom = () => Promise.reject(new Error('Myelon could not be loaded: nothing was stored.'));
        return { ...reading, store: { ...reading.store, dicom } };
      },
    },
  ];
}
