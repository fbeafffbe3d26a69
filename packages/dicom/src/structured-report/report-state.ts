import { InputRefused } from '@myelon/diffusion';
import type { Attributes, PersonName } from '../write/attributes';
import { dicomInstant } from '../write/instant';
import type { StudyContext } from '../write/study-context';

/** The document a new one takes the place of. Both stay in the archive. */
export interface Predecessor {
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** That of the new document unless said otherwise. */
  readonly sopClassUID?: string;
}

/**
 * Draft until a person who signed in confirms. Every change, a confirmation too, is a new document that names its
 * predecessor: an amended report is a draft, or verified, with one.
 */
export type ReportState =
  | { readonly kind: 'draft'; readonly complete: boolean; readonly predecessor?: Predecessor }
  | {
      readonly kind: 'verified';
      readonly by: string | PersonName;
      readonly organization: string;
      readonly at: Date;
      readonly predecessor?: Predecessor;
    };

/**
 * Flags of the SR document general module. A draft is preliminary; what a person verified is final and complete.
 * @throws InputRefused when nobody is named as the one who verified
 */
export function stateAttributes(
  state: ReportState,
  { studyInstanceUID, timezoneOffset }: Pick<StudyContext, 'studyInstanceUID' | 'timezoneOffset'>,
  sopClassUID: string,
): Attributes {
  const { predecessor } = state;
  const before = predecessor && { PredecessorDocumentsSequence: [predecessorItem(predecessor)] };
  if (state.kind === 'draft')
    return {
      CompletionFlag: state.complete ? 'COMPLETE' : 'PARTIAL',
      PreliminaryFlag: 'PRELIMINARY',
      VerificationFlag: 'UNVERIFIED',
      ...before,
    };
  checkVerifier(state);
  return {
    CompletionFlag: 'COMPLETE',
    PreliminaryFlag: 'FINAL',
    VerificationFlag: 'VERIFIED',
    VerifyingObserverSequence: [
      {
        VerifyingObserverName: state.by,
        VerifyingOrganization: state.organization,
        VerificationDateTime: dicomInstant(state.at, timezoneOffset).dateTime,
        VerifyingObserverIdentificationCodeSequence: [],
      },
    ],
    ...before,
  };

  function predecessorItem({ sopInstanceUID, seriesInstanceUID, ...other }: Predecessor): Attributes {
    const instance = {
      ReferencedSOPClassUID: other.sopClassUID ?? sopClassUID,
      ReferencedSOPInstanceUID: sopInstanceUID,
    };
    const series = { SeriesInstanceUID: seriesInstanceUID, ReferencedSOPSequence: [instance] };
    return { StudyInstanceUID: studyInstanceUID, ReferencedSeriesSequence: [series] };
  }
}

function checkVerifier({ by, organization }: Extract<ReportState, { kind: 'verified' }>): void {
  const spellings = typeof by === 'string' ? [by] : Object.values(by);
  const isNamed = spellings.some((name) => typeof name === 'string' && /[^\s^=]/u.test(name));
  if (!isNamed || organization.trim() === '')
    throw new InputRefused(
      'verified, but by nobody who is named with an organization',
      'report',
      'sign in with a name and an organization, or save a draft',
    );
}
