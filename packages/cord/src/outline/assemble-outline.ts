import type { VoxelGrid } from '@myelon/diffusion';
import { cordMask } from '../cord-mask';
import type { ContrastRules } from './contrast';
import { edgesSeen, edgeSteps } from './edge-support';
import { cordSignalToNoise } from './noise';
import type { CordOutline } from './outline-cord';
import { contourPoints, type Contour } from './polar';
import { insidePolygon, polygonShape } from './shape';
import { fromPixel, toPatient, toPixel, type PlanePoint, type SliceFrame } from './slice-frame';
import type { SliceImage } from './slice-image';
import { slicesToCheck } from './slices-to-check';

/** What has been found in every slice. */
export interface Drawn {
  readonly grid: VoxelGrid;
  readonly frame: SliceFrame;
  readonly slices: readonly (SliceImage | null)[];
  /** Lines along the edges of the image, by which they are judged. */
  readonly edges: readonly (Contour | null)[];
  /** Lines as they are drawn: of the cord itself, without blur, with an offset. */
  readonly drawn: readonly (Contour | null)[];
  readonly rules: ContrastRules;
  readonly image: Float32Array;
  readonly clickedOnly: ReadonlySet<number>;
  /** Another place looks as much like a cord. */
  readonly rival: boolean;
  /** How far inside the edge the line is drawn by choice, mm. */
  readonly offsetMm: number;
}

/** The outline in numbers: voxels, lines in the patient, areas, doubts. */
export function assembleOutline(found: Drawn): CordOutline {
  const { grid, frame, slices, rules, image, clickedOnly, rival, offsetMm } = found;
  const polygons = found.drawn.map((contour) => contour && contourPoints(contour));
  const shapes = polygons.map((polygon) => polygon && polygonShape(polygon));
  const steps = found.edges.map((contour, slice) => {
    const of = slices[slice];
    return contour && of ? edgeSteps(of, contour, rules) : null;
  });
  return {
    planes: grid,
    mask: cordMask({ grid, labels: rasterised(grid, frame, polygons), method: 'automatic' }),
    contours: polygons.map(
      (polygon, slice) => polygon && polygon.map((point) => toPatient(grid, frame, point, slice)),
    ),
    centreline: shapes.map((shape) => shape && toPixel(frame, shape.centre)),
    areasMm2: shapes.map((shape) => shape && shape.areaMm2),
    offsetMm,
    slicesToCheck: slicesToCheck({
      grid,
      frame,
      polygons,
      shapes,
      edges: edgesSeen(steps),
      image,
      clickedOnly,
      rival,
      snr: rules.region === 1 ? cordSignalToNoise(slices, polygons) : null,
    }),
  };
}

/** Voxels whose centre lies inside the contour of their slice. */
function rasterised(
  grid: VoxelGrid,
  frame: SliceFrame,
  polygons: readonly (readonly PlanePoint[] | null)[],
): Uint8Array {
  const labels = new Uint8Array(grid.columns * grid.rows * grid.slices);
  polygons.forEach((polygon, slice) => {
    if (!polygon) return;
    const pixels = polygon.map((point) => toPixel(frame, point));
    const bounds = (axis: 0 | 1, size: number) => {
      const values = pixels.map((pixel) => pixel[axis]);
      return [
        Math.max(Math.floor(Math.min(...values)), 0),
        Math.min(Math.ceil(Math.max(...values)), size - 1),
      ];
    };
    const [left = 0, right = -1] = bounds(0, grid.columns);
    const [top = 0, bottom = -1] = bounds(1, grid.rows);
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const { u, v } = fromPixel(frame, column, row);
        if (insidePolygon(polygon, u, v)) labels[(slice * grid.rows + row) * grid.columns + column] = 1;
      }
  });
  return labels;
}
