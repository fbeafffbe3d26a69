import type { DataSource, DicomWebConfiguration, ExtensionManager } from '../host/ohif';
import { DATA_SOURCE } from '../ids';

const STOCK_DICOMWEB = '@ohif/extension-default.dataSourcesModule.dicomweb';

interface DataSourceModule {
  createDataSource(
    configuration: DicomWebConfiguration,
    servicesManager: unknown,
    extensionManager: unknown,
  ): DataSource;
}

/**
 * `myelon-dicomweb`: reads as the viewer's own DICOMweb source does, with all its settings, and stores so that a
 * refusal is seen. The stock source takes every answer of the archive for success.
 */
export function dataSourcesModule() {
  return [
    {
      name: DATA_SOURCE,
      type: 'webApi',
      createDataSource(
        configuration: DicomWebConfiguration,
        servicesManager: unknown,
        extensionManager: ExtensionManager,
      ): DataSource {
        const stock = extensionManager.getModuleEntry(STOCK_DICOMWEB) as DataSourceModule | undefined;
        if (!stock)
          throw new Error(`${STOCK_DICOMWEB} is missing: register @ohif/extension-default before Myelon`);
        const reading = stock.createDataSource(configuration, servicesManager, extensionManager);
        return { ...reading };
      },
    },
  ];
}
