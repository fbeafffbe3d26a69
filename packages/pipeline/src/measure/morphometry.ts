import {
  cordCompression,
  cordSections,
  narrowestLevel,
  type CordCompression,
  type CordMask,
  type CordOutline,
  type CordSections,
} from '@myelon/cord';
import { sameGrid } from '@myelon/diffusion';
import type { MorphometryRecord } from '../morphometry-record';
import { editedPlanes } from './measuring-mask';

/** The sections of an outline: from its contours, except in slices a reader has changed since. */
export function sectionsOf(mask: CordMask, outline: CordOutline | null): CordSections {
  if (!outline) return cordSections(mask);
  const edited = editedPlanes(mask, outline);
  const contours = outline.contours.map((contour, plane) => (edited.includes(plane) ? null : contour));
  return cordSections(mask, { planes: outline.planes, contours });
}

/**
 * @param compressionSlices slices of the outline's grid, from 0
 * @param offsetMm how far inside the edge of the image the contours were drawn by choice
 */
export function morphometryOf(
  { planes, sections, missing }: CordSections,
  mask: CordMask,
  compressionSlices: readonly number[],
  offsetMm = 0,
): MorphometryRecord {
  const onSlicesOfOutline = sameGrid(planes, mask.grid);
  return {
    onSlicesOfOutline,
    offsetMm,
    ...(missing !== undefined && { missing }),
    sections: sections.map((section) => ({
      slice: section.slice,
      positionMm: section.positionMm,
      angleDegrees: section.angleDegrees,
      areaMm2: section.areaMm2,
      apDiameterMm: section.apDiameterMm,
      transverseDiameterMm: section.transverseDiameterMm,
      compressionRatio: section.compressionRatio,
      eccentricity: section.eccentricity,
      orientationDegrees: section.orientationDegrees,
      from: section.from,
    })),
    proposed: compressionRecord(narrowestLevel(sections)),
    // Slices along the neck hold no level.
    atCompression: onSlicesOfOutline ? compressionRecord(cordCompression(sections, compressionSlices)) : null,
  };
}

function compressionRecord(found: CordCompression | null): MorphometryRecord['proposed'] {
  if (!found) return null;
  const copy = (side: CordCompression['above']) => side && { ...side, slices: [...side.slices] };
  return { ...found, slices: [...found.slices], above: copy(found.above), below: copy(found.below) };
}
