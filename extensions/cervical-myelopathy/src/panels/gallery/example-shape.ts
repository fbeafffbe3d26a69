import type { LevelsRecord, MorphometryRecord } from '@myelon/pipeline';

const SLICES = 15;
const NARROWEST = 8;

/** A cord that narrows towards slice 9. */
export const EXAMPLE_SHAPE: MorphometryRecord = {
  onSlicesOfOutline: true,
  sections: Array.from({ length: SLICES }, (_, slice) => {
    const narrow = Math.exp(-(((slice - NARROWEST) / 1.5) ** 2));
    const [apDiameterMm, transverseDiameterMm] = [8.1 - 3 * narrow, 12.4 + narrow];
    return {
      slice,
      positionMm: 5 * slice,
      angleDegrees: 6,
      areaMm2: (Math.PI / 4) * apDiameterMm * transverseDiameterMm,
      apDiameterMm,
      transverseDiameterMm,
      compressionRatio: apDiameterMm / transverseDiameterMm,
      eccentricity: 0.8,
      orientationDegrees: 1,
      from: 'contour' as const,
    };
  }),
  proposed: {
    slices: [NARROWEST],
    narrowestSlice: NARROWEST,
    apDiameterMm: 5.1,
    areaMm2: 53.7,
    compressionRatio: 0.38,
    above: { slices: [3, 4, 5], apDiameterMm: 8.1, areaMm2: 79 },
    below: { slices: [11, 12, 13], apDiameterMm: 8, areaMm2: 78 },
    mscc: 0.37,
    areaReduction: 0.32,
  },
  atCompression: null,
};

/** C5/6 is known; one disc beyond either end lies outside the slices. */
export const EXAMPLE_LEVELS: LevelsRecord = {
  basis: 'spacing and sagittal image',
  discs: (['C2/3', 'C3/4', 'C4/5', 'C5/6', 'C6/7', 'C7/T1'] as const).map((name, at) => ({
    name,
    positionMm: -9.5 + 16.5 * at,
    known: name === 'C5/6',
  })),
  slices: [
    { slice: 1, vertebra: 'C3', disc: 'C3/4' },
    { slice: 5, vertebra: 'C5', disc: 'C4/5' },
    { slice: 8, vertebra: 'C6', disc: 'C5/6' },
    { slice: 11, vertebra: 'C7', disc: 'C6/7' },
  ],
};
