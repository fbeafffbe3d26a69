import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { DeviceIdentity } from '@myelon/dicom';
import { MYELON_VERSION } from '@myelon/pipeline';

/** Environment variable with the Device UID a site gives this installation. */
export const DEVICE_UID_VARIABLE = 'MYELON_DEVICE_UID';

/** This installation, as objects it makes name it: the same on every run on one machine. */
export function commandLineDevice(): DeviceIdentity {
  const given = process.env[DEVICE_UID_VARIABLE];
  const digest = createHash('sha256')
    .update(given ?? `myelon command line on ${hostname()}`)
    .digest('hex');
  return {
    manufacturer: 'Myelon',
    modelName: 'Myelon command line',
    serialNumber: digest.slice(0, 12),
    softwareVersion: MYELON_VERSION,
    deviceUID: given ?? uidFromDigest(digest),
  };
}

/** 2.25 and a UUID as one number (PS3.5 B.2); version and variant bits mark it as a hash (RFC 9562, version 8). */
export function uidFromDigest(digest: string): string {
  const uuid = `${digest.slice(0, 12)}8${digest.slice(13, 16)}8${digest.slice(17, 32)}`;
  return `2.25.${BigInt(`0x${uuid}`).toString()}`;
}
