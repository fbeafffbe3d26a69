import { InputRefused } from '@myelon/diffusion';
import {
  checkedClinicalForm,
  mjoaSeverity,
  recoveryRate,
  type ClinicalForm,
  type MjoaScore,
} from '@myelon/prognosis';
import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import {
  codedItem,
  container,
  contains,
  dateItem,
  modifiedBy,
  numberItem,
  related,
  textItem,
  uidItem,
  type ContentItem,
} from './content-items';
import { imageLibrary } from './image-library';
import { ITEM_CODES, PREDICTOR_CODES, SEVERITY_CODES, VERSION_CODES, type PredictorId } from './mjoa-codes';
import { checkDocument, encodeReport, type ReportDocument } from './report-document';

/** The mJOA before and after surgery and what else was entered, as a report of its own. */
export interface MjoaReportContent extends ReportDocument {
  readonly clinical: ClinicalForm;
  /** One per group, new for each analysis. */
  readonly trackingUIDs: Readonly<Record<'before' | 'after' | 'recovery' | 'history', string>>;
}

/**
 * Encodes the clinical assessment by template TID 1500 with TID 1501 groups: one per time, one of the recovery, one of
 * the history. Not in one report with groups of TID 1411: validators take every group for the wrong one of the two.
 *
 * @returns a Part 10 file
 * @throws InputRefused when nothing was entered, or versions are mixed
 */
export function writeMjoaReport(content: MjoaReportContent): Uint8Array {
  checkDocument(content);
  const clinical = checkedClinicalForm(content.clinical, 'mJOA report');
  const { trackingUIDs } = content;
  const groups = [
    group('Assessment before surgery', trackingUIDs.before, assessment(clinical, 'before')),
    group('Assessment after surgery', trackingUIDs.after, assessment(clinical, 'after')),
    group('Recovery', trackingUIDs.recovery, recoveryItems(clinical)),
    group('History', trackingUIDs.history, historyItems(clinical)),
  ].filter((one) => one !== null);
  if (groups.length === 0) throw new InputRefused('nothing was entered', 'mJOA report', 'score the patient');
  // It is about the patient, not about images: each series is named by its first.
  const sources = content.sources.map((series) => ({
    ...series,
    sopInstanceUIDs: series.sopInstanceUIDs.slice(0, 1),
  }));
  const body = contains(imageLibrary(sources), container(CONCEPTS.imagingMeasurements, contains(...groups)));
  return encodeReport({ ...content, sources }, 'Recorded the clinical assessment', body);
}

function group(name: string, trackingUID: string, items: readonly ContentItem[]): ContentItem | null {
  if (items.length === 0) return null;
  return container(CONCEPTS.measurementGroup, [
    ...related(
      'HAS OBS CONTEXT',
      textItem(CONCEPTS.trackingIdentifier, name),
      uidItem(CONCEPTS.trackingUID, trackingUID),
    ),
    ...contains(codedItem(CONCEPTS.finding, VALUES.cervicalMyelopathy), ...items),
  ]);
}

function assessment(clinical: ClinicalForm, time: 'before' | 'after'): ContentItem[] {
  const [entry, nurick] =
    time === 'before' ? [clinical.pre, clinical.nurickPre] : [clinical.post, clinical.nurickPost];
  if (!entry && nurick === null) return [];
  const point = time === 'before' ? MYELON_CODES.beforeSurgery : MYELON_CODES.afterSurgery;
  return [
    codedItem(MYELON_CODES.timePoint, point),
    ...(entry?.date ? [dateItem(MYELON_CODES.assessedOn, entry.date)] : []),
    ...(entry ? scoreItems(entry.score) : []),
    ...(nurick === null ? [] : [numberItem(MYELON_CODES.nurickGrade, nurick, UNITS.score)]),
  ];
}

function scoreItems(score: MjoaScore): ContentItem[] {
  const severity = mjoaSeverity(score);
  return [
    codedItem(MYELON_CODES.mjoaVersion, VERSION_CODES[score.version]),
    numberItem(MYELON_CODES.mjoaTotal, score.total, UNITS.score),
    numberItem(MYELON_CODES.mjoaMaximum, score.maximum, UNITS.score),
    ...Object.entries(score.items ?? {}).flatMap(([id, points]) => {
      const concept = ITEM_CODES[id];
      return concept ? [numberItem(concept, points, UNITS.score)] : [];
    }),
    ...(severity ? [codedItem(MYELON_CODES.mjoaSeverity, SEVERITY_CODES[severity])] : []),
  ];
}

function recoveryItems({ pre, post }: ClinicalForm): ContentItem[] {
  if (!pre || !post) return [];
  const recovery = recoveryRate(pre.score, post.score);
  const change = numberItem(MYELON_CODES.mjoaChange, recovery.changePoints, UNITS.score);
  if (recovery.kind === 'undefined') {
    const why = modifiedBy(textItem(MYELON_CODES.missingReason, recovery.why));
    return [codedItem(MYELON_CODES.recoveryRate, VALUES.calculationFailure, why), change];
  }
  return [
    numberItem(MYELON_CODES.recoveryRate, recovery.percent, UNITS.percent),
    change,
    codedItem(MYELON_CODES.halfRegained, recovery.recovered ? VALUES.yes : VALUES.no),
  ];
}

function historyItems({ predictors }: ClinicalForm): ContentItem[] {
  return Object.entries(predictors).flatMap(([id, value]) => {
    if (value === undefined) return [];
    const { concept, unit } = PREDICTOR_CODES[id as PredictorId];
    return unit === 'yes or no'
      ? [codedItem(concept, value === 0 ? VALUES.no : VALUES.yes)]
      : [numberItem(concept, value, unit)];
  });
}
