export * from './cord-mask';
export { voxelsBesideCordOnly, voxelsWhollyInside, type MeasuringMask } from './measuring-mask';
export {
  cordCompression,
  narrowestLevel,
  type CordCompression,
  type ReferenceCord,
} from './morphometry/compression';
export {
  cordCourse,
  nearestOnCourse,
  pointOnCourse,
  tangentOnCourse,
  type CoursePoint,
} from './morphometry/cord-course';
export {
  cordSections,
  type CordSection,
  type CordSections,
  type SliceContours,
} from './morphometry/cord-sections';
export { type OutlineContrast } from './outline/contrast';
export { outlineCord, type CordOutline, type OutlineOptions, type SliceDraft } from './outline/outline-cord';
export { checkOnOtherImage, type OtherImage } from './outline/check-on-other-image';
export { type SliceToCheck } from './outline/slices-to-check';
export { resampleMask } from './resample-mask';
export {
  DISC_NAMES,
  discName,
  VERTEBRA_NAMES,
  type DiscLevel,
  type DiscName,
  type VertebraName,
} from './levels/discs';
export { moveDisc, proposeDiscs } from './levels/propose-discs';
export { sliceLevels, type SliceLevel } from './levels/slice-levels';
export { spineProfile, type SpineProfile } from './levels/spine-profile';
export { copySlice, growSlice, interpolateMissingSlices } from './editing/edit-slices';
export { outlineFindings, type OutlineFinding } from './editing/outline-findings';
export { closedSpline, drawContour, expectedCentre, sliceCentre } from './editing/draw-contour';
export { cordIntensities, type CordIntensities } from './editing/intensity-range';
export {
  carryOutline,
  type CarriedOutline,
  type CarryOptions,
  type SliceShift,
} from './registration/carry-outline';
