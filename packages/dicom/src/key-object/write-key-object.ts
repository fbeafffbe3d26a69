import { InputRefused } from '@myelon/diffusion';
import { codeItem } from '../codes/code';
import { CONCEPTS, VALUES } from '../codes/concepts';
import {
  codedItem,
  contains,
  imageItem,
  modifiedBy,
  related,
  textItem,
  uidItem,
  compositeItem,
} from '../structured-report/content-items';
import { derivedObjectAttributes, type DerivedObject } from '../write/derived-object';
import { encodePart10 } from '../write/encode';
import { hierarchicalReference, type ReferencedInstance } from '../write/referenced-instance';

export const KEY_OBJECT_SELECTION = '1.2.840.10008.5.1.4.1.1.88.59';

/** Classes whose instances a Key Object names as images; the others are named as composite objects. */
const IMAGE_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.30',
  '1.2.840.10008.5.1.4.1.1.7',
]);

/** The objects of one analysis, named in one place. */
export interface KeyObjectContent extends DerivedObject {
  readonly objects: readonly ReferencedInstance[];
  /** What the selection is, in words. */
  readonly description: string;
}

/**
 * Names the objects of one analysis (Key Object Selection, TID 2010), so that a reader who finds one finds all.
 * @returns a Part 10 file
 * @throws InputRefused when it names nothing
 * @see PS3.3 A.35.4, PS3.16 TID 2010
 */
export function writeKeyObject(content: KeyObjectContent): Uint8Array {
  const { objects, description, device, context } = content;
  if (objects.length === 0)
    throw new InputRefused('it names no object', 'key object selection', 'report this as a defect');
  return encodePart10({
    ...derivedObjectAttributes(content, {
      sopClassUID: KEY_OBJECT_SELECTION,
      modality: 'KO',
      contribution: 'Named the objects of one analysis',
    }),
    ReferencedPerformedProcedureStepSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [hierarchicalReference(context.studyInstanceUID, objects)],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(VALUES.ofInterest)],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2010' }],
    ContentSequence: [
      ...modifiedBy(codedItem(CONCEPTS.language, VALUES.englishUnitedStates)),
      ...related(
        'HAS OBS CONTEXT',
        codedItem(CONCEPTS.observerType, CONCEPTS.device),
        uidItem(CONCEPTS.deviceObserverUID, device.deviceUID),
        textItem(CONCEPTS.deviceObserverName, device.name ?? device.modelName),
      ),
      ...contains(
        textItem(CONCEPTS.keyObjectDescription, description),
        ...objects.map(({ sopClassUID, sopInstanceUID }) => {
          const reference = { ReferencedSOPClassUID: sopClassUID, ReferencedSOPInstanceUID: sopInstanceUID };
          return IMAGE_CLASSES.has(sopClassUID) ? imageItem(null, reference) : compositeItem(reference);
        }),
      ),
    ],
  });
}
