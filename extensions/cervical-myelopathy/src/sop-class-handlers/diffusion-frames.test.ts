import type { NaturalizedInstance } from '../host/ohif';
import { diffusionFrames, regularSpacingMm, representativeVolume } from './diffusion-frames';

const AXIAL = [1, 0, 0, 0, 1, 0];

function classic(
  number: number,
  z: number,
  bValue: number | undefined,
  orientation = AXIAL,
): NaturalizedInstance {
  return {
    StudyInstanceUID: '1',
    SeriesInstanceUID: '1.1',
    SOPInstanceUID: `1.1.${String(number)}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    InstanceNumber: number,
    ImagePositionPatient: [10, 20, z],
    ImageOrientationPatient: orientation,
    ...(bValue === undefined ? {} : { DiffusionBValue: bValue }),
  };
}

function shown(instances: NaturalizedInstance[]): string[] {
  return representativeVolume(diffusionFrames(instances)).map(
    ({ instance, frame }) => `${instance.SOPInstanceUID}${frame === null ? '' : `#${String(frame)}`}`,
  );
}

describe('the volume that stands for a diffusion series', () => {
  it('has the lowest b-value of every slice, ascending along the slice normal', () => {
    const instances = [
      classic(1, 5, 800),
      classic(2, 0, 800),
      classic(3, 5, 0),
      classic(4, 0, 0),
      classic(5, 10, 800),
      classic(6, 10, 0),
    ];
    expect(shown(instances)).toEqual(['1.1.4', '1.1.3', '1.1.6']);
  });

  it('takes the first acquired of equal b-values, and of b-values it cannot read', () => {
    expect(shown([classic(9, 0, 0), classic(2, 0, 0), classic(5, 0, 800)])).toEqual(['1.1.2']);
    expect(shown([classic(9, 0, undefined), classic(2, 0, undefined)])).toEqual(['1.1.2']);
  });

  it('orders slices along their normal when that points to the feet', () => {
    const towardsFeet = [1, 0, 0, 0, -1, 0];
    expect(shown([classic(1, 0, 0, towardsFeet), classic(2, 5, 0, towardsFeet)])).toEqual(['1.1.2', '1.1.1']);
  });

  it('picks frames of one enhanced object by their functional groups', () => {
    const frame = (z: number, b: number) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
      MRDiffusionSequence: [{ DiffusionBValue: b }],
    });
    const enhanced: NaturalizedInstance = {
      ...classic(1, 0, undefined),
      ImagePositionPatient: undefined,
      ImageOrientationPatient: undefined,
      NumberOfFrames: 4,
      SharedFunctionalGroupsSequence: [{ PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }] }],
      PerFrameFunctionalGroupsSequence: [frame(3, 1000), frame(0, 1000), frame(3, 0), frame(0, 0)],
    };
    expect(shown([enhanced])).toEqual(['1.1.1#4', '1.1.1#3']);
  });

  it('knows even spacing from a gap', () => {
    const volume = (heights: number[]) =>
      representativeVolume(diffusionFrames(heights.map((z, index) => classic(index, z, 0))));
    expect(regularSpacingMm(volume([0, 3, 6, 9]))).toBeCloseTo(3);
    expect(regularSpacingMm(volume([0, 3, 9]))).toBeNull();
    expect(regularSpacingMm(volume([0]))).toBeNull();
  });
});
