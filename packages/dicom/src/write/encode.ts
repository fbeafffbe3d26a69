import { InputRefused } from '@myelon/diffusion';
import dcmjs, { type DcmjsElement } from 'dcmjs';
import type { DicomJsonElement } from '../dataset/dicom-json';
import type { AttributeValue, Attributes, PersonName } from './attributes';
import { decimalString } from './decimal-string';
import { VALUE_RULES, joinNameGroups } from './value-rules';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Names this writer in file meta information; constant for all versions. */
const IMPLEMENTATION_CLASS_UID = '2.25.186953477845394463428899968246815799146';
const IMPLEMENTATION_VERSION_NAME = 'MYELON';

/** Attributes that no object may carry empty, wherever they stand. */
const NEVER_EMPTY = new Set([
  'SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID', 'Modality', 'CodeValue',
  'CodingSchemeDesignator', 'CodeMeaning', 'ValueType', 'RelationshipType', 'ReferencedSOPClassUID',
  'ReferencedSOPInstanceUID', 'NumericValue', 'TextValue', 'UID', 'SegmentNumber', 'ReferencedSegmentNumber',
]); // prettier-ignore

/** Attributes every composite object needs, by tag. */
const ALWAYS_PRESENT = {
  SOPClassUID: '00080016',
  SOPInstanceUID: '00080018',
  Modality: '00080060',
  StudyInstanceUID: '0020000D',
  SeriesInstanceUID: '0020000E',
} as const;

const BINARY_VRS = new Set(['OB', 'OW', 'OF', 'OD', 'UN']);
const isTag = (key: string) => /^[0-9A-F]{8}$/.test(key);

/**
 * Encodes a composite object as a DICOM Part 10 file: Explicit VR Little Endian, character set ISO_IR 192.
 *
 * dcmjs does the byte encoding; everything it would let through is refused here.
 *
 * @param attributes keyword tree; SpecificCharacterSet is set here, group length and file meta too
 * @returns the file
 * @throws InputRefused for an unknown keyword, a value its VR does not allow (too long, not finite, empty), an
 * attribute whose VR depends on context without one, a wrong number of values, or a missing identifier
 */
export function encodePart10(attributes: Attributes): Uint8Array {
  const elements = encodeItem({ ...attributes, SpecificCharacterSet: 'ISO_IR 192' }, '');
  for (const [keyword, tag] of Object.entries(ALWAYS_PRESENT)) {
    if (!elements[tag]?.Value?.length)
      throw new InputRefused('missing', keyword, 'every DICOM object needs it');
  }
  const meta: Record<string, DcmjsElement> = {
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': { vr: 'UI', Value: elements['00080016']?.Value ?? [] },
    '00020003': { vr: 'UI', Value: elements['00080018']?.Value ?? [] },
    '00020010': { vr: 'UI', Value: [EXPLICIT_VR_LITTLE_ENDIAN] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    '00020013': { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
  };
  const file = new dcmjs.data.DicomDict(meta);
  file.dict = elements;
  return new Uint8Array(file.write({ allowInvalidVRLength: true }));
}

function encodeItem(attributes: Attributes, path: string): Record<string, DcmjsElement> {
  const elements: Record<string, DcmjsElement> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const where = path === '' ? key : `${path} > ${key}`;
    const [tag, element] = isTag(key) ? [key, verbatim(value, where)] : encodeAttribute(key, value, where);
    if (elements[tag] !== undefined) {
      throw new InputRefused('given twice, by keyword and by tag', where, 'give it once');
    }
    elements[tag] = element;
  }
  return elements;
}

function encodeAttribute(keyword: string, value: AttributeValue, where: string): [string, DcmjsElement] {
  const entry = dcmjs.data.DicomMetaDictionary.nameMap[keyword];
  if (!entry) throw new InputRefused('not a DICOM keyword', where, 'spell it as in PS3.6');
  const tag = entry.tag.replace(/[(),]/g, '');
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    if (NEVER_EMPTY.has(keyword)) throw new InputRefused('empty', where, 'it must have a value (type 1)');
    return [tag, { vr: concreteVR(entry.vr, undefined, where), Value: [] }];
  }
  const explicit = isElement(value) ? value : undefined;
  const vr = concreteVR(entry.vr, explicit?.vr, where);
  const values = explicit ? (explicit.Value ?? []) : Array.isArray(value) ? value : [value];
  if (vr === 'SQ') return [tag, sequence(values, where)];
  if (BINARY_VRS.has(vr)) return [tag, { vr, Value: [binary(values[0], vr, where)] }];
  checkCount(values.length, entry.vm, where);
  const rule = VALUE_RULES[vr];
  if (!rule) throw new InputRefused(`VR ${vr} is not written here`, where, 'report this as a defect');
  const written = values.map((one) => rule(one, where));
  return [tag, shortEnough({ vr, Value: vr === 'PN' ? [written.join('\\')] : written }, where)];
}

function concreteVR(inDictionary: string, given: string | undefined, where: string): string {
  if (/^[A-Z]{2}$/.test(inDictionary)) {
    if (given !== undefined && given !== inDictionary)
      throw new InputRefused(`VR ${given} given, the dictionary says ${inDictionary}`, where, 'drop the VR');
    return inDictionary;
  }
  if (given === undefined)
    throw new InputRefused('its VR depends on the image', where, 'give the VR with the value (withVR)');
  return given;
}

function isElement(value: AttributeValue): value is DicomJsonElement {
  return typeof value === 'object' && value !== null && 'vr' in value && typeof value.vr === 'string';
}

/** Sequence items are given as keyword trees; an element copied from elsewhere holds DICOM JSON items instead. */
function sequence(items: readonly unknown[], where: string): DcmjsElement {
  return {
    vr: 'SQ',
    Value: items.map((item, index) => {
      if (typeof item !== 'object' || item === null || ArrayBuffer.isView(item))
        throw new InputRefused('an item of a sequence must be a data set', where, 'give an object');
      return encodeItem(item as Attributes, `${where}[${String(index + 1)}]`);
    }),
  };
}

function binary(value: unknown, vr: string, where: string): ArrayBuffer {
  if (value instanceof ArrayBuffer) return binary(new Uint8Array(value), vr, where);
  if (!ArrayBuffer.isView(value)) throw new InputRefused('expected bytes', where, 'give a typed array');
  const wanted = vr === 'OF' ? Float32Array : vr === 'OD' ? Float64Array : null;
  if (wanted && !(value instanceof wanted))
    throw new InputRefused(`VR ${vr} holds ${wanted.name}`, where, 'convert it first');
  if (wanted && !(value as Float32Array).every(Number.isFinite))
    throw new InputRefused('it holds numbers that are not finite', where, 'write 0 where there is no value');
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const even = new Uint8Array(bytes.length + (bytes.length % 2));
  even.set(bytes);
  return even.buffer;
}

/** VM as in the dictionary: "1", "3", "1-n", "2-2n", "1-3". */
function checkCount(count: number, vm: string, where: string): void {
  const [least = '1', most = least] = vm.split('-');
  const step = /^(\d+)n$/.exec(most)?.[1];
  const fits =
    count >= Number(least) &&
    (most.endsWith('n') ? count % Number(step ?? '1') === 0 : count <= Number(most));
  if (!fits) throw new InputRefused(`${String(count)} values where ${vm} are allowed`, where, 'correct it');
}

/** VRs with a 16-bit length field; dcmjs would silently turn a longer one into UN. */
function shortEnough(element: DcmjsElement, where: string): DcmjsElement {
  if (['UT', 'UC', 'UR'].includes(element.vr)) return element;
  const width = { FD: 8, FL: 4, SL: 4, UL: 4, AT: 4, SS: 2, US: 2 }[element.vr];
  const values = element.Value ?? [];
  const bytes = width
    ? width * values.length
    : values.reduce<number>((sum, value) => sum + 3 * String(value).length + 1, 0);
  if (bytes >= 0x10000)
    throw new InputRefused('longer than 64 KiB', where, 'shorten it, or use an attribute of VR UT');
  return element;
}

/** An element that comes from another object, or a private one: its VR and values as they are. */
function verbatim(value: AttributeValue, where: string): DcmjsElement {
  if (!isElement(value))
    throw new InputRefused('a tag needs a whole element', where, 'give { vr, Value } (DICOM JSON)');
  const { vr } = value;
  const values = valuesOf(value, where);
  if (vr === 'SQ') return sequence(values, where);
  if (BINARY_VRS.has(vr)) {
    return { vr, Value: values.length === 0 ? [] : [binary(values[0], vr, where)] };
  }
  if (!(vr in VALUE_RULES)) throw new InputRefused(`unknown VR ${vr}`, where, 'give a VR of PS3.5');
  const written = values.map((one) => verbatimValue(one, vr, where));
  return shortEnough({ vr, Value: vr === 'PN' ? [written.join('\\')] : written }, where);
}

function valuesOf(element: DicomJsonElement, where: string): readonly unknown[] {
  if (element.BulkDataURI !== undefined)
    throw new InputRefused('its bytes are elsewhere (bulk data)', where, 'fetch them first');
  if (element.InlineBinary === undefined) return element.Value ?? [];
  return [Uint8Array.from(atob(element.InlineBinary), (character) => character.charCodeAt(0))];
}

function verbatimValue(value: unknown, vr: string, where: string): unknown {
  if (value === null) return '';
  if (vr === 'DS' && typeof value === 'number') return decimalString(value, where).text;
  if (vr !== 'PN' || typeof value === 'string') return value;
  return joinNameGroups(value as PersonName);
}
