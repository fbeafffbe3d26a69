import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode, type Code } from '../codes/code';
import { CONCEPTS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import type { MarkerJudgement } from './content';
import { codeValueOf, firstNamed, measuredValue, named, textOf } from './content-tree';
import { MARKER_CODES } from './prognosis-items';
import type { ReadPrognosis } from './report';

/**
 * The statement on recovery, or why there is none. Null when the report has neither, or only part of a statement:
 * half a statement is not shown.
 */
export function readPrognosis(
  groups: readonly DicomJsonDataset[],
  evaluations: DicomJsonDataset,
): ReadPrognosis | null {
  const statements = named(evaluations, MYELON_CODES.fixedStatement).flatMap((text) => textOf(text) ?? []);
  const abstained = named(evaluations, MYELON_CODES.abstained);
  const reasons = abstained.flatMap((text) => textOf(text) ?? []);
  if (abstained[0] && reasons.length > 0)
    return { kind: 'abstained', ...modelOf(abstained[0]), reasons, statements };
  const statement = firstNamed(evaluations, MYELON_CODES.recoveryStatement);
  const judged = groups.find((group) => firstNamed(group, MYELON_CODES.likelihoodRatio));
  const sentence = textOf(statement);
  if (!statement || !judged || sentence === undefined) return null;
  const value = numberOf(judged, MYELON_CODES.likelihoodRatio, 1);
  const low = numberOf(judged, MYELON_CODES.likelihoodRatioLow, 1);
  const high = numberOf(judged, MYELON_CODES.likelihoodRatioHigh, 1);
  const [fa, f] = [readMarker(judged, 'fa'), readMarker(judged, 'f')];
  if (value === null || low === null || high === null || !fa || !f) return null;
  return {
    kind: 'statement',
    ...modelOf(statement),
    region: textOf(firstNamed(judged, CONCEPTS.trackingIdentifier)) ?? 'unnamed region',
    fa,
    f,
    likelihoodRatio: { value, low, high },
    sentence,
    statements,
  };
}

function modelOf(content: DicomJsonDataset): { modelId: string; modelVersion: string } {
  return {
    modelId: textOf(firstNamed(content, CONCEPTS.algorithmName)) ?? 'unknown model',
    modelVersion: textOf(firstNamed(content, CONCEPTS.algorithmVersion)) ?? 'unknown version',
  };
}

function readMarker(group: DicomJsonDataset, marker: 'fa' | 'f'): MarkerJudgement | null {
  const codes = MARKER_CODES[marker];
  const value = numberOf(group, codes.judged, codes.factor);
  const cutOff = numberOf(group, codes.cutOff, codes.factor);
  const greyZone = numberOf(group, codes.greyZone, codes.factor);
  const atOrAbove = answerOf(group, codes.atOrAbove);
  const inGreyZone = answerOf(group, codes.inGreyZone);
  if (value === null || cutOff === null || greyZone === null) return null;
  return atOrAbove === null || inGreyZone === null
    ? null
    : { value, cutOff, greyZone, atOrAbove, inGreyZone };
}

function numberOf(group: DicomJsonDataset, concept: Code, factor: number): number | null {
  const measured = measuredValue(firstNamed(group, concept));
  return measured ? measured.value / factor : null;
}

function answerOf(group: DicomJsonDataset, concept: Code): boolean | null {
  const answer = codeValueOf(firstNamed(group, concept));
  if (!answer) return null;
  if (sameCode(answer, VALUES.yes)) return true;
  return sameCode(answer, VALUES.no) ? false : null;
}
