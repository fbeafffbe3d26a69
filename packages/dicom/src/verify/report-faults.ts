import { integer, item, items, number, string, values } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { CONCEPTS } from '../codes/concepts';
import { children, firstNamed, named, textOf, uidOf, valueType } from '../structured-report/content-tree';
import { COMPREHENSIVE_3D_SR } from '../structured-report/report-document';
import { everyDataset } from './elements';

/** Largest relative difference between a decimal text and the exact value beside it. */
const DECIMAL_TOLERANCE = 1e-8;

/** Faults of a measurement report that no validator reports, on its own and against its segmentation. */
export function reportFaults(report: DicomJsonDataset, segmentation: DicomJsonDataset): string[] {
  const measurements = firstNamed(report, CONCEPTS.imagingMeasurements) ?? {};
  const groups = named(measurements, CONCEPTS.measurementGroup);
  return [
    ...(groups.length === 0 ? ['no measurement group'] : []),
    ...documentFaults(report),
    ...groups.flatMap((group, index) =>
      groupFaults(group, segmentation, string(report, '00080016') === COMPREHENSIVE_3D_SR).map(
        (fault) => `group ${String(index + 1)}: ${fault}`,
      ),
    ),
    ...evidenceFaults(report, segmentation),
    ...numberFaults(report),
  ];
}

function groupFaults(group: DicomJsonDataset, segmentation: DicomJsonDataset, is3D: boolean): string[] {
  const faults: string[] = [];
  const identifier = textOf(firstNamed(group, CONCEPTS.trackingIdentifier));
  const uid = uidOf(firstNamed(group, CONCEPTS.trackingUID));
  if (identifier === undefined || uid === undefined) faults.push('no tracking identifiers');
  const frame = firstNamed(group, CONCEPTS.referencedSegmentationFrame);
  const reference = item(firstNamed(group, CONCEPTS.referencedSegment) ?? frame ?? {}, '00081199');
  const segmentNumber = reference && integer(reference, '0062000B');
  const segment = items(segmentation, '00620002').find(
    (candidate) => integer(candidate, '00620004') === segmentNumber,
  );
  if (frame) faults.push(...frameFaults(reference, segmentation));
  else if (segmentNumber === undefined) faults.push('no segment number');
  else if (!segment) faults.push(`segment ${String(segmentNumber)} is not in the segmentation`);
  else if (string(segment, '00620021') !== uid || string(segment, '00620020') !== identifier)
    faults.push('its tracking identifiers are not those of the segment');
  if (reference && string(reference, '00081155') !== string(segmentation, '00080018'))
    faults.push('it refers to another segmentation');
  const source = frame ? CONCEPTS.sourceImageForSegmentation : CONCEPTS.sourceSeries;
  if (!firstNamed(group, source)) faults.push(`no ${source.meaning.toLowerCase()}`);
  const points = children(group).filter((child) => valueType(child).startsWith('SCOORD'));
  // Only Comprehensive 3D reports may hold points in space.
  const wanted = is3D ? 1 : 0;
  if (points.length !== wanted)
    faults.push(is3D ? 'not exactly one item with coordinates' : 'coordinates in space');
  const firstUid = children(group).find((child) => valueType(child) === 'UIDREF');
  if (uidOf(firstUid) !== uid) faults.push('its first UID is not the tracking UID');
  return faults;
}

/** A group of one slice refers to a frame of the segmentation; the frame says which segment it shows. */
function frameFaults(reference: DicomJsonDataset | undefined, segmentation: DicomJsonDataset): string[] {
  const frameNumber = reference && integer(reference, '00081160');
  if (frameNumber === undefined) return ['no frame number'];
  const exists = items(segmentation, '52009230')[frameNumber - 1] !== undefined;
  return exists ? [] : [`frame ${String(frameNumber)} is not in the segmentation`];
}

/** What a reader needs to take the tree for a measurement report, and to know who stands for it. */
function documentFaults(report: DicomJsonDataset): string[] {
  const faults: string[] = [];
  if (string(item(report, '0040A504') ?? {}, '0040DB00') !== '1500') faults.push('no root template 1500');
  for (const concept of [CONCEPTS.language, CONCEPTS.procedureReported])
    if (!firstNamed(report, concept)) faults.push(`no ${concept.meaning.toLowerCase()}`);
  const isVerified = string(report, '0040A493') === 'VERIFIED';
  const verifier = string(item(report, '0040A073') ?? {}, '0040A075');
  if (isVerified && verifier === undefined) faults.push('verified by nobody');
  if (!isVerified && item(report, '0040A073')) faults.push('not verified, but with a verifying observer');
  for (const content of children(report).flatMap(everyDataset)) faults.push(...relationshipFaults(content));
  return faults;
}

/** Relationships in the trees that Myelon writes, by value type of the child; others are no content of ours. */
const RELATIONSHIPS: Readonly<Record<string, readonly string[]>> = {
  CONTAINS: ['CONTAINER', 'CODE', 'NUM', 'TEXT', 'IMAGE', 'UIDREF', 'SCOORD3D', 'DATE', 'COMPOSITE'],
  'HAS OBS CONTEXT': ['CODE', 'TEXT', 'UIDREF', 'PNAME'],
  'HAS ACQ CONTEXT': ['CODE', 'NUM', 'TEXT'],
  'HAS CONCEPT MOD': ['CODE', 'TEXT'],
  'INFERRED FROM': ['NUM', 'TEXT'],
};

function relationshipFaults(content: DicomJsonDataset): string[] {
  const type = valueType(content);
  const relationship = string(content, '0040A010');
  if (type === '' || relationship === undefined) return [];
  const name = string(item(content, '0040A043') ?? {}, '00080104') ?? type;
  const isKnown = RELATIONSHIPS[relationship]?.includes(type) ?? false;
  return isKnown ? [] : [`${name}: a ${type} may not be ${relationship} here`];
}

function evidenceFaults(report: DicomJsonDataset, segmentation: DicomJsonDataset): string[] {
  const listed = new Set(
    items(report, '0040A375')
      .flatMap((study) => items(study, '00081115'))
      .flatMap((series) => items(series, '00081199'))
      .map((instance) => string(instance, '00081155')),
  );
  const content = children(report).flatMap(everyDataset);
  const referenced = content.flatMap((one) => items(one, '00081199')).map((one) => string(one, '00081155'));
  const missing = [...new Set([...referenced, string(segmentation, '00080018')])].filter(
    (uid) => !listed.has(uid),
  );
  return missing.map((uid) => `instance ${uid ?? '(none)'} is not listed as evidence`);
}

function numberFaults(report: DicomJsonDataset): string[] {
  return children(report)
    .flatMap(everyDataset)
    .filter((content) => valueType(content) === 'NUM')
    .flatMap((content) => {
      const measured = item(content, '0040A300');
      const name = string(item(content, '0040A043') ?? {}, '00080104') ?? 'a number';
      const value = measured && number(measured, '0040A30A');
      if (!measured || value === undefined) return [`${name} has no value`];
      const exact = number(measured, '0040A161');
      const faults: string[] = [];
      if (values(measured, '004008EA').length !== 1) faults.push(`${name} has no unit`);
      if (exact !== undefined && Math.abs(value - exact) > DECIMAL_TOLERANCE * Math.abs(exact))
        faults.push(`${name}: the decimal text ${String(value)} is not the value ${String(exact)}`);
      return faults;
    });
}
