import type { Vector3 } from '@myelon/diffusion';
import { codeItem, type Code } from '../codes/code';
import type { Attributes, PersonName } from '../write/attributes';
import { decimalString } from '../write/decimal-string';

/** Relationship of an item to the item that holds it (PS3.3 C.17.3.2.4). */
export type Relationship =
  'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS ACQ CONTEXT' | 'INFERRED FROM' | 'HAS PROPERTIES';

/** A content item without its relationship; {@link related} adds that. */
export type ContentItem = Attributes;

function item(
  valueType: string,
  concept: Code | null,
  value: Attributes,
  children: readonly Attributes[] = [],
) {
  return {
    ValueType: valueType,
    ConceptNameCodeSequence: concept ? [codeItem(concept)] : undefined,
    ...value,
    ContentSequence: children.length > 0 ? children : undefined,
  };
}

/** Items in this relationship to their parent. */
export function related(relationship: Relationship, ...items: readonly ContentItem[]): Attributes[] {
  return items.map((one) => ({ RelationshipType: relationship, ...one }));
}

export const contains = (...items: readonly ContentItem[]) => related('CONTAINS', ...items);
export const modifiedBy = (...items: readonly ContentItem[]) => related('HAS CONCEPT MOD', ...items);
export const inferredFrom = (...items: readonly ContentItem[]) => related('INFERRED FROM', ...items);

export function container(concept: Code, children: readonly Attributes[]): ContentItem {
  return item('CONTAINER', concept, { ContinuityOfContent: 'SEPARATE' }, children);
}

export function textItem(concept: Code, value: string, children: readonly Attributes[] = []): ContentItem {
  return item('TEXT', concept, { TextValue: value }, children);
}

export function codedItem(concept: Code, value: Code, children: readonly Attributes[] = []): ContentItem {
  return item('CODE', concept, { ConceptCodeSequence: [codeItem(value)] }, children);
}

export function uidItem(concept: Code, uid: string): ContentItem {
  return item('UIDREF', concept, { UID: uid });
}

/** @param day ISO 8601 calendar day */
export function dateItem(concept: Code, day: string): ContentItem {
  return item('DATE', concept, { Date: day.replaceAll('-', '') });
}

export function personItem(concept: Code, name: string | PersonName): ContentItem {
  return item('PNAME', concept, { PersonName: name });
}

/** A number with its unit. The exact value goes beside the decimal text when that had to be rounded. */
export function numberItem(
  concept: Code,
  value: number,
  unit: Code,
  children: readonly Attributes[] = [],
): ContentItem {
  const { text, exact } = decimalString(value, concept.meaning);
  const measured: Attributes = {
    NumericValue: text,
    FloatingPointValue: exact ? undefined : value,
    MeasurementUnitsCodeSequence: [codeItem(unit)],
  };
  return item('NUM', concept, { MeasuredValueSequence: [measured] }, children);
}

/** Reference to an image, a frame of it or a segment of it. */
export function imageItem(concept: Code | null, reference: Attributes): ContentItem {
  return item('IMAGE', concept, { ReferencedSOPSequence: [reference] });
}

/** Reference to an object that is no image. It has no concept name. */
export function compositeItem(reference: Attributes): ContentItem {
  return item('COMPOSITE', null, { ReferencedSOPSequence: [reference] });
}

/** A point in the patient, LPS mm. */
export function pointItem(concept: Code, point: Vector3, frameOfReferenceUID: string): ContentItem {
  return item('SCOORD3D', concept, {
    GraphicType: 'POINT',
    GraphicData: [...point],
    ReferencedFrameOfReferenceUID: frameOfReferenceUID,
  });
}
