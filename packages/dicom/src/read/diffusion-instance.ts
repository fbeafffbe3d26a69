import { items, item, number, string, strings } from '../dataset/access';
import type { DicomJsonDataset, DicomJsonElement } from '../dataset/dicom-json';
import { privateNumber, privateString, type PrivateElement } from '../dataset/private-elements';
import { dictionaryTag } from '../dataset/attribute-dictionary';
import { Tag } from '../dataset/tags';
import { frameTypes } from './enhanced';
import { standardReading } from './gradients/standard';
import { reasonToLeaveOut } from './left-out';

/** MR Image, Enhanced MR Image, Legacy Converted Enhanced MR Image. */
const MR_IMAGE_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.4',
  '1.2.840.10008.5.1.4.1.1.4.1',
  '1.2.840.10008.5.1.4.1.1.4.4',
]);

/** b-value elements of the vendors. Philips, GE and UIH may write them, as 0, into every MR image. */
const PRIVATE_B_VALUES: readonly PrivateElement[] = [
  { group: '0019', creator: 'SIEMENS MR HEADER', element: '0C', vr: 'IS', manufacturer: /^siemens/iu },
  { group: '2001', creator: 'Philips Imaging DD 001', element: '03', vr: 'FL', manufacturer: /^philips/iu },
  {
    group: '0065',
    creator: 'Image Private Header',
    element: '09',
    vr: 'FD',
    manufacturer: /^(uih|united)/iu,
  },
  { group: '0043', creator: 'GEMS_PARM_01', element: '39', vr: 'IS', manufacturer: /^ge/iu },
];
const PHILIPS_TECHNIQUE: PrivateElement = {
  group: '2001',
  creator: 'Philips Imaging DD 001',
  element: '20',
  vr: 'LO',
  manufacturer: /^philips/iu,
};

/** GE adds this to the b-value of some series. */
const GE_OFFSET = 1e9;

/**
 * Whether an image is a measured diffusion-weighted one (or the b0 of such a series), from its header alone: in
 * standard attributes, by Image Type, or by the b-value element of its vendor. Maps that a scanner computed (ADC, FA,
 * trace) are not, nor anything that is no MR image.
 */
export function isDiffusionInstance(dataset: DicomJsonDataset): boolean {
  if (!isMrImage(dataset)) return false;
  const types = frameTypes(dataset);
  const usable = (types.length > 0 ? types : [[]]).some(
    (type) => reasonToLeaveOut(dataset, type) === undefined,
  );
  return usable && (hasWeighting(dataset) || saysDiffusion(dataset));
}

/** The same for an instance as dcmjs naturalises it: keywords as names, sequences as arrays, private tags in hex. */
export function isDiffusionNaturalized(instance: Readonly<Record<string, unknown>>): boolean {
  return isDiffusionInstance(denaturalized(instance));
}

function isMrImage(dataset: DicomJsonDataset): boolean {
  const sopClass = string(dataset, Tag.SOPClassUID);
  if (sopClass !== undefined) return MR_IMAGE_CLASSES.has(sopClass);
  return string(dataset, Tag.Modality) === 'MR';
}

/** A b-value above 0, or an MR Diffusion Sequence; 0 alone is no proof, some scanners write it into every image. */
function hasWeighting(dataset: DicomJsonDataset): boolean {
  if ((number(dataset, Tag.DiffusionBValue) ?? 0) > 0) return true;
  if (PRIVATE_B_VALUES.some((wanted) => (privateNumber(dataset, wanted) ?? 0) % GE_OFFSET > 0)) return true;
  const shared = items(dataset, Tag.SharedFunctionalGroupsSequence);
  const perFrame = items(dataset, Tag.PerFrameFunctionalGroupsSequence);
  return [...shared, ...perFrame, dataset].some((group) => {
    const diffusion = item(group, Tag.MRDiffusionSequence);
    return diffusion !== undefined && standardReading(diffusion) !== undefined;
  });
}

/** What marks the b0 images of a diffusion series too. */
function saysDiffusion(dataset: DicomJsonDataset): boolean {
  const types = [...strings(dataset, Tag.ImageType), ...frameTypes(dataset).flat()];
  return (
    types.some((value) => value.toUpperCase() === 'DIFFUSION') ||
    string(dataset, Tag.AcquisitionContrast)?.toUpperCase() === 'DIFFUSION' ||
    string(dataset, Tag.DiffusionDirectionality) !== undefined ||
    SEQUENCE_NAME.test(string(dataset, Tag.SequenceName) ?? '') ||
    (privateString(dataset, PHILIPS_TECHNIQUE)?.toUpperCase().startsWith('DWI') ?? false)
  );
}

/** Siemens "*ep_b800#3", "re_b0"; UIH "epi_dti", "epi_dwi". */
const SEQUENCE_NAME = /(^|_)b\d+|(^|_)(dti|dwi)(_|$)/iu;

function denaturalized(instance: Readonly<Record<string, unknown>>): DicomJsonDataset {
  const dataset: Record<string, DicomJsonElement> = {};
  for (const [name, value] of Object.entries(instance)) {
    const tag = /^[0-9A-Fa-f]{8}$/u.test(name) ? name.toUpperCase() : dictionaryTag(name);
    if (tag === undefined || value === undefined || value === null) continue;
    dataset[tag] = elementOf(value);
  }
  return dataset;
}

function elementOf(value: unknown): DicomJsonElement {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const nested = list.some((one) => isInstance(one) && !('Alphabetic' in one) && !('InlineBinary' in one));
  if (nested) return { vr: 'SQ', Value: list.map((one) => (isInstance(one) ? denaturalized(one) : {})) };
  const [first] = list;
  if (isInstance(first) && typeof first['InlineBinary'] === 'string')
    return { vr: 'UN', InlineBinary: first['InlineBinary'] };
  return { vr: 'UN', Value: list };
}

function isInstance(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
