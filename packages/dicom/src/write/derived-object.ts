import { myelonSchemeItem } from '../codes/myelon-scheme';
import type { Attributes } from './attributes';
import { contributingEquipmentItem, equipmentAttributes, type DeviceIdentity } from './equipment';
import { dicomInstant } from './instant';
import type { StudyContext } from './study-context';

/**
 * Identifiers of an object, made once before the first try to store it: a retry sends identical bytes, a changed
 * result gets new ones (archives keep the first object of a UID and say nothing).
 */
export interface ObjectIdentity {
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
}

/** What every object Myelon makes shares. */
export interface DerivedObject {
  readonly context: StudyContext;
  readonly device: DeviceIdentity;
  readonly identity: ObjectIdentity;
  /** When the content came to be. */
  readonly createdAt: Date;
}

/**
 * Patient, study, series, equipment and SOP common modules of a new object in the study of its sources.
 *
 * @param contribution what the software did, for Contributing Equipment
 */
export function derivedObjectAttributes(
  object: DerivedObject,
  kind: {
    readonly sopClassUID: string;
    readonly modality: string;
    readonly contribution: string;
  },
): Attributes {
  const { context, device, identity } = object;
  const at = dicomInstant(object.createdAt, context.timezoneOffset);
  return {
    ...context.elements,
    ...equipmentAttributes(device),
    SOPClassUID: kind.sopClassUID,
    SOPInstanceUID: identity.sopInstanceUID,
    SeriesInstanceUID: identity.seriesInstanceUID,
    Modality: kind.modality,
    SeriesNumber: identity.seriesNumber,
    SeriesDescription: identity.seriesDescription,
    SeriesDate: at.date,
    SeriesTime: at.time,
    InstanceNumber: 1,
    InstanceCreationDate: at.date,
    InstanceCreationTime: at.time,
    ContentDate: at.date,
    ContentTime: at.time,
    TimezoneOffsetFromUTC: at.offset,
    ContributingEquipmentSequence: [contributingEquipmentItem(device, at, kind.contribution)],
    CodingSchemeIdentificationSequence: [myelonSchemeItem()],
  };
}
