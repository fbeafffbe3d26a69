import type { DicomJsonDataset } from '../dataset/dicom-json';
import type { Code } from '../codes/code';
import { CONCEPTS, UNITS } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import type { Band, ReportScore } from './content';
import { modifiedBy, numberItem, textItem, type ContentItem } from './content-items';
import { firstNamed, measuredValue, named, textOf } from './content-tree';

/** Numbers of the score, in the group of the judged region. */
export function scoreItems(score: ReportScore | undefined): ContentItem[] {
  if (score?.kind !== 'score') return [];
  const { modelBand, rescanBand, probability } = score;
  const plain = (concept: Code, value: number) => numberItem(concept, value, UNITS.none);
  const percent = (concept: Code, value: number) => numberItem(concept, 100 * value, UNITS.percent);
  return [
    numberItem(MYELON_CODES.score, score.score, UNITS.none, modelOf(score)),
    plain(MYELON_CODES.scoreModelLow, modelBand.low),
    plain(MYELON_CODES.scoreModelHigh, modelBand.high),
    plain(MYELON_CODES.scoreRescanLow, rescanBand.low),
    plain(MYELON_CODES.scoreRescanHigh, rescanBand.high),
    ...('missing' in probability
      ? []
      : [
          percent(MYELON_CODES.probability, probability.value),
          percent(MYELON_CODES.probabilityLow, probability.modelBand.low),
          percent(MYELON_CODES.probabilityHigh, probability.modelBand.high),
        ]),
  ];
}

/** What the score says in words, or why there is none; its limits of use stand with it. */
export function scoreConclusions(score: ReportScore | undefined): ContentItem[] {
  if (!score) return [];
  const texts =
    score.kind === 'abstained'
      ? score.reasons.map((reason) => textItem(MYELON_CODES.scoreAbstained, reason, modelOf(score)))
      : [
          ...score.sentences.map((sentence) => textItem(MYELON_CODES.scoreSentence, sentence)),
          ...('missing' in score.probability
            ? [textItem(MYELON_CODES.probabilityMissing, score.probability.missing)]
            : []),
        ];
  return [...texts, ...score.statements.map((statement) => textItem(MYELON_CODES.scoreStatement, statement))];
}

function modelOf({ modelId, modelVersion }: ReportScore) {
  return modifiedBy(
    textItem(CONCEPTS.algorithmName, modelId),
    textItem(CONCEPTS.algorithmVersion, modelVersion),
  );
}

/** The score as a report holds it; null when it holds none, or only part of it. */
export function readScore(
  groups: readonly DicomJsonDataset[],
  evaluations: DicomJsonDataset,
): ReportScore | null {
  const texts = (concept: Code) => named(evaluations, concept).flatMap((text) => textOf(text) ?? []);
  const statements = texts(MYELON_CODES.scoreStatement);
  const [abstained] = named(evaluations, MYELON_CODES.scoreAbstained);
  if (abstained)
    return {
      kind: 'abstained',
      ...identityOf(abstained),
      reasons: texts(MYELON_CODES.scoreAbstained),
      statements,
    };
  const group = groups.find((one) => firstNamed(one, MYELON_CODES.score));
  const item = group && firstNamed(group, MYELON_CODES.score);
  if (!group || !item) return null;
  const value = measuredValue(item)?.value;
  const modelBand = bandOf(group, MYELON_CODES.scoreModelLow, MYELON_CODES.scoreModelHigh, 1);
  const rescanBand = bandOf(group, MYELON_CODES.scoreRescanLow, MYELON_CODES.scoreRescanHigh, 1);
  if (value === undefined || !modelBand || !rescanBand) return null;
  return {
    kind: 'score',
    ...identityOf(item),
    score: value,
    modelBand,
    rescanBand,
    probability: readProbability(group) ?? {
      missing: texts(MYELON_CODES.probabilityMissing)[0] ?? 'the report gives none',
    },
    sentences: texts(MYELON_CODES.scoreSentence),
    statements,
  };
}

function readProbability(group: DicomJsonDataset): { value: number; modelBand: Band } | null {
  const value = measuredValue(firstNamed(group, MYELON_CODES.probability))?.value;
  const modelBand = bandOf(group, MYELON_CODES.probabilityLow, MYELON_CODES.probabilityHigh, 100);
  return value === undefined || !modelBand ? null : { value: value / 100, modelBand };
}

function bandOf(group: DicomJsonDataset, lowest: Code, highest: Code, factor: number): Band | null {
  const [low, high] = [lowest, highest].map((code) => measuredValue(firstNamed(group, code))?.value);
  return low === undefined || high === undefined ? null : { low: low / factor, high: high / factor };
}

function identityOf(item: DicomJsonDataset): { modelId: string; modelVersion: string } {
  return {
    modelId: textOf(firstNamed(item, CONCEPTS.algorithmName)) ?? 'unknown model',
    modelVersion: textOf(firstNamed(item, CONCEPTS.algorithmVersion)) ?? 'unknown version',
  };
}
