import type { Code } from '../codes/code';
import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import type { MarkerJudgement, ReportPrognosis } from './content';
import { codedItem, modifiedBy, numberItem, textItem, type ContentItem } from './content-items';

interface MarkerCodes {
  readonly unit: Code;
  readonly factor: number;
  readonly judged: Code;
  readonly cutOff: Code;
  readonly greyZone: Code;
  readonly atOrAbove: Code;
  readonly inGreyZone: Code;
}

/** How the two markers are coded; f in percent. */
export const MARKER_CODES: Readonly<Record<'fa' | 'f', MarkerCodes>> = {
  fa: {
    unit: UNITS.none,
    factor: 1,
    judged: MYELON_CODES.faJudged,
    cutOff: MYELON_CODES.faCutOff,
    greyZone: MYELON_CODES.faGreyZone,
    atOrAbove: MYELON_CODES.faAtOrAboveCutOff,
    inGreyZone: MYELON_CODES.faInGreyZone,
  },
  f: {
    unit: UNITS.percent,
    factor: 100,
    judged: MYELON_CODES.fJudged,
    cutOff: MYELON_CODES.fCutOff,
    greyZone: MYELON_CODES.fGreyZone,
    atOrAbove: MYELON_CODES.fAtOrAboveCutOff,
    inGreyZone: MYELON_CODES.fInGreyZone,
  },
};

/** Items of the judged region; none for another region, or when no statement was made. */
export function prognosisItems(prognosis: ReportPrognosis, regionId: string): ContentItem[] {
  if (prognosis.kind === 'abstained' || prognosis.regionId !== regionId) return [];
  const { value, low, high } = prognosis.likelihoodRatio;
  return [
    numberItem(MYELON_CODES.likelihoodRatio, value, UNITS.none, modelIdentification(prognosis)),
    numberItem(MYELON_CODES.likelihoodRatioLow, low, UNITS.none),
    numberItem(MYELON_CODES.likelihoodRatioHigh, high, UNITS.none),
    ...markerItems(prognosis.fa, MARKER_CODES.fa),
    ...markerItems(prognosis.f, MARKER_CODES.f),
  ];
}

function markerItems(marker: MarkerJudgement, codes: MarkerCodes): ContentItem[] {
  const yesOrNo = (answer: boolean) => (answer ? VALUES.yes : VALUES.no);
  return [
    numberItem(codes.judged, marker.value * codes.factor, codes.unit),
    numberItem(codes.cutOff, marker.cutOff * codes.factor, codes.unit),
    numberItem(codes.greyZone, marker.greyZone * codes.factor, codes.unit),
    codedItem(codes.atOrAbove, yesOrNo(marker.atOrAbove)),
    codedItem(codes.inGreyZone, yesOrNo(marker.inGreyZone)),
  ];
}

function modelIdentification({ modelId, modelVersion }: ReportPrognosis) {
  return modifiedBy(
    textItem(CONCEPTS.algorithmName, modelId),
    textItem(CONCEPTS.algorithmVersion, modelVersion),
  );
}

/** What the report says in words: the statement or why there is none, warnings, and the limits of use. */
export function conclusionItems(prognosis: ReportPrognosis, warnings: readonly string[]): ContentItem[] {
  const model = modelIdentification(prognosis);
  const said =
    prognosis.kind === 'statement'
      ? [textItem(MYELON_CODES.recoveryStatement, prognosis.sentence, model)]
      : prognosis.reasons.map((reason) => textItem(MYELON_CODES.abstained, reason, model));
  const allWarnings = prognosis.kind === 'statement' ? [...prognosis.warnings, ...warnings] : warnings;
  return [
    textItem(CONCEPTS.conclusion, conclusionText(prognosis)),
    ...said,
    ...allWarnings.map((warning) => textItem(MYELON_CODES.warning, warning)),
    ...prognosis.statements.map((statement) => textItem(MYELON_CODES.fixedStatement, statement)),
  ];
}

/** One text for readers that show nothing but the conclusion: it never stands without the limits of use. */
function conclusionText(prognosis: ReportPrognosis): string {
  const said =
    prognosis.kind === 'statement'
      ? [prognosis.sentence]
      : ['No statement on recovery is made.', ...prognosis.reasons];
  return [...said, ...prognosis.statements].join('\n');
}
