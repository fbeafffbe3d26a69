import { DicomWebClient } from '@myelon/dicom';
import type { HostContext } from './context';
import type { DicomWebConfiguration } from './ohif';
import type { WriteTarget } from './viewer-host';

/**
 * Where the open study's results go, from the configuration of its data source; null when nothing is named there.
 * Reading an archive is no permission to write to it.
 */
export function writeTarget({ writeTo }: DicomWebConfiguration): WriteTarget | null {
  if (writeTo === undefined || writeTo === null) return null;
  if (typeof writeTo === 'string') return { name: writeTo, url: writeTo };
  return { name: writeTo.name, url: writeTo.wadoRoot };
}

/** DICOMweb root the open study is read from. */
export function readRoot(context: HostContext): string {
  const { wadoRoot } = context.dataSource().getConfig();
  if (wadoRoot === undefined)
    throw new Error('the data source of this study has no wadoRoot: correct the site configuration');
  return wadoRoot;
}

/** A client that signs in as the viewer does. */
export function dicomWebClient(context: HostContext, baseUrl: string): DicomWebClient {
  return new DicomWebClient({ baseUrl, headers: () => context.authorization() });
}
