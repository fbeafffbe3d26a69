export * from './dataset/dicom-json';
export { withVR, type AttributeValue, type Attributes, type PersonName } from './write/attributes';
export { decimalString } from './write/decimal-string';
export { encodePart10 } from './write/encode';
export { newUID } from './write/uid';
export type { DeviceIdentity } from './write/equipment';
export type { DerivedObject, ObjectIdentity } from './write/derived-object';
export type { ReferencedVolume } from './write/referenced-volume';
export { studyContextFrom, type StudyContext } from './write/study-context';
export { MYELON_CODES, MYELON_SCHEME } from './codes/myelon-scheme';
export type { DiffusionModel, FittingMethod, ReportedQuantity, Statistic } from './codes/quantities';
export {
  SEGMENTATION_STORAGE,
  type Segment,
  type SegmentAlgorithm,
  type SegmentationContent,
} from './segmentation/content';
export { readSegmentation, type ReadSegment, type ReadSegmentation } from './segmentation/read-segmentation';
export { writeSegmentation } from './segmentation/write-segmentation';
