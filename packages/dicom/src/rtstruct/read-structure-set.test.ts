import { InputRefused, voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { encodePart10 } from '../write/encode';
import { newUID } from '../write/uid';
import { readStructureSet, roiVoxels, RT_STRUCTURE_SET_STORAGE } from './read-structure-set';

const frame = newUID();
/** Oblique in two directions, pixels not square. */
const grid: VoxelGrid = {
  columns: 40,
  rows: 30,
  slices: 4,
  affine: [0.8, -0.1, 0.5, -20, 0.08, 0.9, -1, -15, -0.08, 0.2, 4.9, 7],
  frameOfReferenceUID: frame,
};

const circle = (radius: number, slice: number, points = 90): Vector3[] =>
  Array.from({ length: points }, (_, at) => {
    const angle = (2 * Math.PI * at) / points;
    return voxelToPatient(grid, [20.3 + radius * Math.cos(angle), 14.6 + radius * Math.sin(angle), slice]);
  });

const contourItem = (points: readonly Vector3[], type = 'CLOSED_PLANAR') => ({
  ContourGeometricType: type,
  NumberOfContourPoints: points.length,
  ContourData: points.flat().map((value) => value.toFixed(6)),
});

function file(contours: readonly ReturnType<typeof contourItem>[], sopClass = RT_STRUCTURE_SET_STORAGE) {
  return encodePart10({
    SOPClassUID: sopClass,
    SOPInstanceUID: newUID(),
    StudyInstanceUID: newUID(),
    SeriesInstanceUID: newUID(),
    Modality: 'RTSTRUCT',
    StructureSetLabel: 'cord',
    StructureSetROISequence: [
      {
        ROINumber: 3,
        ReferencedFrameOfReferenceUID: frame,
        ROIName: 'Spinal cord',
        ROIGenerationAlgorithm: 'MANUAL',
      },
      {
        ROINumber: 4,
        ReferencedFrameOfReferenceUID: frame,
        ROIName: 'Empty',
        ROIGenerationAlgorithm: 'MANUAL',
      },
    ],
    ROIContourSequence: [{ ReferencedROINumber: 3, ContourSequence: [...contours] }],
  });
}

const cordOf = (bytes: Uint8Array) => readStructureSet(bytes).rois[0]!;

describe('a structure set', () => {
  test('gives the voxels whose centre lies inside its contours, in an oblique stack', () => {
    const roi = cordOf(file([contourItem(circle(6, 1)), contourItem(circle(4, 2))]));
    expect(roi).toMatchObject({ name: 'Spinal cord', number: 3, otherContours: 0 });
    const voxels = roiVoxels(roi, grid);
    voxels.forEach((value, at) => {
      const slice = Math.floor(at / (40 * 30));
      const radius = slice === 1 ? 6 : slice === 2 ? 4 : 0;
      const distance = Math.hypot((at % 40) - 20.3, (Math.floor(at / 40) % 30) - 14.6);
      // Within the chord of the polygon either answer is right.
      if (Math.abs(distance - radius) > 0.02) expect(value === 1).toBe(distance < radius);
    });
  });

  test('cuts holes where a contour lies in another, and passes over points', () => {
    const roi = cordOf(
      file([contourItem(circle(6, 1)), contourItem(circle(3, 1)), contourItem([circle(3, 2)[0]!], 'POINT')]),
    );
    expect(roi.otherContours).toBe(1);
    const voxels = roiVoxels(roi, grid);
    const at = (column: number, row: number) => voxels[(30 + row) * 40 + column];
    expect([at(20, 15), at(24, 15), at(28, 15)]).toEqual([0, 1, 0]);
  });

  test('is refused: another object, a broken contour, other planes, another frame, outside, empty', () => {
    const refused = (work: () => unknown, why: RegExp) => {
      expect(work).toThrow(InputRefused);
      expect(work).toThrow(why);
    };
    const good = [contourItem(circle(6, 1))];
    refused(() => readStructureSet(file(good, '1.2.840.10008.5.1.4.1.1.4')), /not an RT Structure Set/);
    const broken = { ...contourItem(circle(6, 1)), NumberOfContourPoints: 12 };
    refused(() => readStructureSet(file([broken])), /says 12 points and holds 270/);
    const across = circle(6, 1).map(([x, y, z], at): Vector3 => [x, y, z + (at % 2 === 0 ? 3.5 : -3.5)]);
    refused(() => roiVoxels(cordOf(file([contourItem(across)])), grid), /planes that are not the slices/);
    const elsewhere = { ...grid, frameOfReferenceUID: newUID() };
    refused(() => roiVoxels(cordOf(file(good)), elsewhere), /another frame of reference/);
    refused(() => roiVoxels(cordOf(file([contourItem(circle(6, 9))])), grid), /no closed contour lies/);
    refused(() => roiVoxels(readStructureSet(file(good)).rois[1]!, grid), /no closed contour lies/);
  });
});
