import { newUID, type DeviceIdentity } from '@myelon/dicom';
import { MYELON_VERSION } from '@myelon/pipeline';

/** What a site configuration says of the installation. */
export interface ConfiguredDevice {
  /** Device UID, one per installation. */
  readonly uid?: string;
  readonly serialNumber?: string;
  readonly name?: string;
}

const REMEMBERED = 'myelon.deviceUID';

/**
 * The identity in every object we write. A site that has not named its device gets a UID that this browser keeps, so
 * that reports of one workplace can still be told from those of another.
 */
export function deviceIdentity(configured: ConfiguredDevice = {}): DeviceIdentity {
  return {
    manufacturer: 'Myelon',
    modelName: 'Myelon cervical myelopathy',
    serialNumber: configured.serialNumber ?? 'not configured',
    softwareVersion: MYELON_VERSION,
    deviceUID: configured.uid ?? rememberedUID(),
    ...(configured.name === undefined ? {} : { name: configured.name }),
  };
}

function rememberedUID(): string {
  const known = localStorage.getItem(REMEMBERED);
  if (known !== null) return known;
  const made = newUID();
  localStorage.setItem(REMEMBERED, made);
  return made;
}
