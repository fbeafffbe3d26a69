import type { Attributes } from './attributes';
import { codeItem } from '../codes/code';
import { VALUES } from '../codes/concepts';
import type { DicomInstant } from './instant';

/** The installation that makes an object. */
export interface DeviceIdentity {
  readonly manufacturer: string;
  readonly modelName: string;
  readonly serialNumber: string;
  readonly softwareVersion: string;
  /** One per installation, set by the site, never made anew per report. */
  readonly deviceUID: string;
  /** What people call it ("Reading room 2"). */
  readonly name?: string;
}

/** General and Enhanced General Equipment modules. */
export function equipmentAttributes(device: DeviceIdentity): Attributes {
  return {
    Manufacturer: device.manufacturer,
    ManufacturerModelName: device.modelName,
    DeviceSerialNumber: device.serialNumber,
    SoftwareVersions: device.softwareVersion,
  };
}

/** Item of Contributing Equipment Sequence: who computed this, when, and what it did. */
export function contributingEquipmentItem(
  device: DeviceIdentity,
  at: DicomInstant,
  description: string,
): Attributes {
  return {
    ...equipmentAttributes(device),
    PurposeOfReferenceCodeSequence: [codeItem(VALUES.processingEquipment)],
    DeviceUID: device.deviceUID,
    ContributionDateTime: at.dateTime,
    ContributionDescription: description,
  };
}
