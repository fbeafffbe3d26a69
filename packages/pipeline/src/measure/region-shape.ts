import type { CordShape } from '@myelon/dicom';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';

/**
 * Size and shape of the cord over a region: means over its slices, from the contour, corrected for the angle between
 * cord and slice. Null where they are not known in the slices of the outline.
 */
export function shapeOfRegion(
  { morphometry }: Pick<AnalysisRecord, 'morphometry'>,
  { kind, slices }: Pick<RegionRecord, 'kind' | 'slices'>,
): CordShape | null {
  const sections = morphometry?.onSlicesOfOutline
    ? morphometry.sections.filter(({ slice }) => slices.includes(slice))
    : [];
  if (sections.length === 0) return null;
  const mean = (of: (section: (typeof sections)[number]) => number) =>
    sections.reduce((sum, section) => sum + of(section), 0) / sections.length;
  const mscc = kind === 'compression' ? morphometry?.atCompression?.mscc : null;
  return {
    areaMm2: mean(({ areaMm2 }) => areaMm2),
    apDiameterMm: mean(({ apDiameterMm }) => apDiameterMm),
    transverseDiameterMm: mean(({ transverseDiameterMm }) => transverseDiameterMm),
    compressionRatio: mean(({ compressionRatio }) => compressionRatio),
    ...(mscc == null ? {} : { mscc }),
  };
}
