import type { Vector3 } from '@myelon/diffusion';
import { integer, item, tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { sameCode } from '../codes/code';
import { CONCEPTS } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import {
  QUANTITY_CODING,
  REPORTED_QUANTITIES,
  STATISTICS,
  STATISTIC_CODES,
  type ReportedQuantity,
  type Statistic,
} from '../codes/quantities';
import {
  children,
  codeValueOf,
  conceptName,
  firstNamed,
  measuredValue,
  named,
  textOf,
  uidOf,
  valueType,
} from './content-tree';
import type { ReadMissing, ReadQuantity, ReadRegion } from './report';
import { readShape } from './shape-items';

/** Reads one measurement group; what it does not understand it passes on as plain numbers. */
export function readGroup(group: DicomJsonDataset): ReadRegion {
  const trackingUID = uidOf(firstNamed(group, CONCEPTS.trackingUID));
  const segment =
    firstNamed(group, CONCEPTS.referencedSegment) ?? firstNamed(group, CONCEPTS.referencedSegmentationFrame);
  const reference = item(segment ?? {}, '00081199') ?? {};
  const segmentNumber = integer(reference, '0062000B');
  const centroid = pointOf(firstNamed(group, CONCEPTS.center));
  const volume = measuredValue(firstNamed(group, CONCEPTS.volume));
  const site = firstNamed(group, CONCEPTS.findingSite);
  const level = site && codeValueOf(firstNamed(site, CONCEPTS.topographicalModifier));
  const shape = readShape(group);
  return {
    name: textOf(firstNamed(group, CONCEPTS.trackingIdentifier)) ?? 'unnamed region',
    ...(trackingUID === undefined ? {} : { trackingUID }),
    ...(segmentNumber === undefined ? {} : { segmentNumber }),
    ...(centroid ? { centroid } : {}),
    ...(volume?.unit.value === 'mm3' ? { volumeMm3: volume.value } : {}),
    ...(level ? { level } : {}),
    ...(shape ? { shape } : {}),
    quantities: REPORTED_QUANTITIES.flatMap((quantity) => readQuantity(group, quantity) ?? []),
    otherNumbers: otherNumbers(group),
  };
}

function pointOf(content: DicomJsonDataset | undefined): Vector3 | undefined {
  const [x, y, z] = (content && tuple(content, '00700022', 3)) ?? [];
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}

function readQuantity(
  group: DicomJsonDataset,
  quantity: ReportedQuantity,
): ReadQuantity | ReadMissing | undefined {
  const entries = named(group, QUANTITY_CODING[quantity].concept);
  const absent = entries.find((entry) => valueType(entry) === 'CODE');
  if (absent) {
    const reason = textOf(firstNamed(absent, MYELON_CODES.missingReason));
    return { quantity, missing: reason ?? codeValueOf(absent)?.meaning ?? 'no reason given' };
  }
  const statistics: Partial<Record<Statistic, number>> = {};
  for (const entry of entries) {
    const statistic = statisticOf(entry);
    const value = storedValue(entry, quantity);
    if (statistic && value !== null) statistics[statistic] ??= value;
  }
  if (Object.keys(statistics).length === 0) return undefined;
  const mean = entries.find((entry) => statisticOf(entry) === 'mean') ?? entries[0];
  return mean && { quantity, statistics, ...provenance(mean) };
}

/** A measurement without derivation is the value itself; readers take it as the mean. */
function statisticOf(entry: DicomJsonDataset): Statistic | undefined {
  const derivation = codeValueOf(firstNamed(entry, CONCEPTS.derivation));
  if (!derivation) return 'mean';
  return STATISTICS.find((statistic) => sameCode(STATISTIC_CODES[statistic], derivation));
}

/** Value in the stored unit; null in a unit that is not understood, for a guess would be off by powers of ten. */
function storedValue(entry: DicomJsonDataset, quantity: ReportedQuantity): number | null {
  const measured = measuredValue(entry);
  const { unit, factor } = QUANTITY_CODING[quantity];
  if (!measured) return null;
  if (measured.unit.value === unit.value) return measured.value / factor;
  const perStored: Readonly<Record<string, number>> =
    unit.value === '10-6.mm2/s' ? { 'mm2/s': 1, 'um2/s': 1e6, 'um2/ms': 1e3 } : { '1': 1, '%': 100 };
  const other = perStored[measured.unit.value];
  return other === undefined ? null : measured.value / other;
}

function provenance(entry: DicomJsonDataset): Omit<ReadQuantity, 'quantity' | 'statistics'> {
  const model = codeValueOf(firstNamed(entry, CONCEPTS.measurementMethod))?.meaning;
  const fitting = codeValueOf(firstNamed(entry, CONCEPTS.fittingMethod))?.meaning;
  const n = measuredValue(firstNamed(entry, MYELON_CODES.voxelsUsed))?.value;
  const atBound = measuredValue(firstNamed(entry, MYELON_CODES.voxelsAtBound))?.value;
  const name = textOf(firstNamed(entry, CONCEPTS.algorithmName));
  const version = textOf(firstNamed(entry, CONCEPTS.algorithmVersion));
  return {
    ...(n === undefined ? {} : { n }),
    ...(atBound === undefined ? {} : { atBound }),
    ...(model === undefined ? {} : { model }),
    ...(fitting === undefined ? {} : { fitting }),
    ...(name === undefined ? {} : { algorithm: { name, ...(version === undefined ? {} : { version }) } }),
    excluded: named(entry, MYELON_CODES.voxelsExcluded).flatMap((group) => {
      const reason = textOf(firstNamed(group, MYELON_CODES.exclusionReason));
      const count = measuredValue(group)?.value;
      return reason === undefined || count === undefined ? [] : [{ reason, n: count }];
    }),
    bValues: named(entry, CONCEPTS.bValue).flatMap((b) => measuredValue(b)?.value ?? []),
    parameters: named(entry, CONCEPTS.algorithmParameters).flatMap((text) => textOf(text) ?? []),
  };
}

function otherNumbers(group: DicomJsonDataset): ReadRegion['otherNumbers'] {
  const known = [
    CONCEPTS.volume,
    CONCEPTS.area,
    ...REPORTED_QUANTITIES.map((quantity) => QUANTITY_CODING[quantity].concept),
  ];
  return children(group).flatMap((child) => {
    const name = conceptName(child);
    const measured = measuredValue(child);
    if (!name || !measured || name.scheme === MYELON_CODES.warning.scheme) return [];
    if (known.some((concept) => sameCode(concept, name))) return [];
    return [{ name: name.meaning, value: measured.value, unit: measured.unit.value }];
  });
}
