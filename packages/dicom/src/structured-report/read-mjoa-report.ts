import { InputRefused } from '@myelon/diffusion';
import { checkedClinicalForm, MJOA_SCALES, MJOA_VERSIONS, type ClinicalForm } from '@myelon/prognosis';
import { string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode, type Code } from '../codes/code';
import { CONCEPTS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import { codeValueOf, firstNamed, measuredValue, named } from './content-tree';
import { ITEM_CODES, PREDICTOR_CODES, VERSION_CODES, type PredictorId } from './mjoa-codes';
import { isByMyelon, readDocument } from './read-document';
import type { MjoaReport } from './report';

/** True for a clinical assessment that Myelon wrote. Needs the whole dataset; never throws. */
export function isMjoaReport(dataset: DicomJsonDataset): boolean {
  return isByMyelon(dataset) && groupsOf(dataset).some(isClinical);
}

/**
 * Reads the mJOA and what else was entered of the patient back.
 *
 * @param dataset the whole object as DICOM JSON, from a file or from WADO-RS metadata
 * @throws InputRefused when it is no such report, or its numbers contradict each other
 */
export function readMjoaReport(dataset: DicomJsonDataset): MjoaReport {
  const where = string(dataset, '0008103E') ?? 'mJOA report';
  if (!isMjoaReport(dataset))
    throw new InputRefused(
      'not a clinical assessment of Myelon',
      where,
      'choose the mJOA report of the study',
    );
  const groups = groupsOf(dataset);
  const at = (time: Code) =>
    groups.find((group) => {
      const found = codeValueOf(firstNamed(group, MYELON_CODES.timePoint));
      return found !== null && sameCode(found, time);
    });
  const [before, after] = [at(MYELON_CODES.beforeSurgery), at(MYELON_CODES.afterSurgery)];
  const clinical: ClinicalForm = {
    pre: readAssessment(before, where),
    post: readAssessment(after, where),
    nurickPre: numberOf(before, MYELON_CODES.nurickGrade) ?? null,
    nurickPost: numberOf(after, MYELON_CODES.nurickGrade) ?? null,
    predictors: readPredictors(groups),
  };
  return { ...readDocument(dataset), clinical: checkedClinicalForm(clinical, where) };
}

function groupsOf(dataset: DicomJsonDataset): DicomJsonDataset[] {
  const measurements = firstNamed(dataset, CONCEPTS.imagingMeasurements);
  return measurements ? named(measurements, CONCEPTS.measurementGroup) : [];
}

function isClinical(group: DicomJsonDataset): boolean {
  const finding = codeValueOf(firstNamed(group, CONCEPTS.finding));
  return finding !== null && sameCode(finding, VALUES.cervicalMyelopathy);
}

function numberOf(group: DicomJsonDataset | undefined, concept: Code): number | undefined {
  return group && measuredValue(firstNamed(group, concept))?.value;
}

function readAssessment(group: DicomJsonDataset | undefined, where: string): ClinicalForm['pre'] {
  const coded = group && codeValueOf(firstNamed(group, MYELON_CODES.mjoaVersion));
  if (!coded) return null;
  const version = MJOA_VERSIONS.find((one) => sameCode(VERSION_CODES[one], coded));
  const [total, maximum] = [MYELON_CODES.mjoaTotal, MYELON_CODES.mjoaMaximum].map((code) =>
    numberOf(group, code),
  );
  if (!version || total === undefined || maximum === undefined)
    throw new InputRefused(
      'an mJOA without known version, total or maximum',
      where,
      'score the patient again',
    );
  const items = MJOA_SCALES[version].items.flatMap(({ id }) => {
    const concept = ITEM_CODES[id];
    const points = concept && numberOf(group, concept);
    return points === undefined ? [] : [[id, points] as const];
  });
  return {
    score: { version, total, maximum, items: items.length === 0 ? null : Object.fromEntries(items) },
    date: dayOf(firstNamed(group, MYELON_CODES.assessedOn)),
  };
}

function dayOf(content: DicomJsonDataset | undefined): string | null {
  const day = /^(\d{4})(\d\d)(\d\d)$/.exec((content && string(content, '0040A121')) ?? '');
  return day ? day.slice(1).join('-') : null;
}

function readPredictors(groups: readonly DicomJsonDataset[]): ClinicalForm['predictors'] {
  const found: ClinicalForm['predictors'] = {};
  for (const group of groups)
    for (const [id, { concept, unit }] of Object.entries(PREDICTOR_CODES)) {
      const answer = codeValueOf(firstNamed(group, concept));
      const value =
        unit === 'yes or no' ? answer && Number(sameCode(answer, VALUES.yes)) : numberOf(group, concept);
      if (value !== undefined && value !== null) found[id as PredictorId] = value;
    }
  return found;
}
