export * from './dataset/dicom-json';
export { withVR, type AttributeValue, type Attributes, type PersonName } from './write/attributes';
export { decimalString } from './write/decimal-string';
export { encodePart10 } from './write/encode';
export { deriveUIDs, newUID } from './write/uid';
export type { DeviceIdentity } from './write/equipment';
export type { DerivedObject, ObjectIdentity } from './write/derived-object';
export { frameReference, type ReferencedVolume } from './write/referenced-volume';
export { studyContextFrom, type StudyContext } from './write/study-context';
export { MYELON_CODES, MYELON_SCHEME } from './codes/myelon-scheme';
export { VERTEBRA_CODES } from './codes/concepts';
export { QUANTITY_CODING } from './codes/quantities';
export type { DiffusionModel, FittingMethod, ReportedQuantity, Statistic } from './codes/quantities';
export {
  SEGMENTATION_STORAGE,
  type Segment,
  type SegmentAlgorithm,
  type SegmentationContent,
} from './segmentation/content';
export { readSegmentation, type ReadSegment, type ReadSegmentation } from './segmentation/read-segmentation';
export {
  ENCAPSULATED_PDF_STORAGE,
  writeEncapsulatedPdf,
  type EncapsulatedPdfContent,
} from './encapsulated-pdf/write-encapsulated-pdf';
export { readEncapsulatedPdf } from './encapsulated-pdf/read-encapsulated-pdf';
export { KEY_OBJECT_SELECTION, writeKeyObject, type KeyObjectContent } from './key-object/write-key-object';
export { readKeyObject } from './key-object/read-key-object';
export type { ReferencedInstance } from './write/referenced-instance';
export {
  readStructureSet,
  roiVoxels,
  RT_STRUCTURE_SET_STORAGE,
  type StructureRoi,
  type StructureSet,
} from './rtstruct/read-structure-set';
export { writeSegmentation } from './segmentation/write-segmentation';
export {
  COMPREHENSIVE_3D_SR,
  REPORT_CLASSES,
  type ReportClass,
  type ReportDocument,
} from './structured-report/report-document';
export type { Predecessor, ReportState } from './structured-report/report-state';
export type { SourceSeries } from './structured-report/evidence';
export { isMjoaReport, readMjoaReport } from './structured-report/read-mjoa-report';
export { writeMjoaReport, type MjoaReportContent } from './structured-report/write-mjoa-report';
export {
  MODEL_OF,
  type Band,
  type CordShape,
  type MarkerJudgement,
  type MeasurementReportContent,
  type MissingKind,
  type MissingQuantity,
  type ModelUse,
  type QuantityStatistics,
  type ReportPrognosis,
  type ReportRegion,
  type ReportScore,
  type ReportSlice,
  type SliceQuantity,
} from './structured-report/content';
export { isMyelonReport, readMeasurementReport } from './structured-report/read-measurement-report';
export type {
  MeasurementReport,
  MjoaReport,
  ReadDocument,
  ReadMissing,
  ReadPrognosis,
  ReadQuantity,
  ReadRegion,
} from './structured-report/report';
export { writeMeasurementReport } from './structured-report/write-measurement-report';
export {
  binary,
  integer,
  item,
  items,
  number,
  numbers,
  personName,
  string,
  strings,
  type PersonNameGroups,
} from './dataset/access';
export type { PixelDecoder, PixelDecoders } from './codecs/pixel-decoder';
export { decodeFrame, framePixels } from './dataset/frame-pixels';
export { parseHeader, parsePart10, type EncodedPixelData, type Part10File } from './dataset/part10';
export { pixelFormat, type PixelFormat, type StoredValues } from './dataset/pixel-format';
export { Tag } from './dataset/tags';
export { transferSyntax, type TransferSyntax } from './dataset/transfer-syntax';
export {
  assembleVolume,
  type AssembleOptions,
  type FrameRequest,
  type PixelSource,
} from './read/assemble-volume';
export type { FrameScaling, LeftOut } from './read/diffusion-frame';
export { isDiffusionInstance, isDiffusionNaturalized } from './read/diffusion-instance';
export {
  diffusionAcquisitions,
  diffusionParts,
  joinAcquisitions,
  type DiffusionAcquisition,
} from './read/acquisitions';
export { replaceGradientTable, type ReplacedTable } from './read/replace-gradient-table';
export { readDiffusionSeries, type DiffusionSeries } from './read/diffusion-series';
export { fromMemory, pixelsFromFiles } from './read/file-pixels';
export { groupSeries, type HeaderSeries } from './read/group-series';
export {
  DicomWebClient,
  type DicomWebClientOptions,
  type EncodedFrame,
  type RequestOptions,
  type SearchParameters,
} from './web/dicom-web-client';
export { DicomWebError, type DicomWebProblem } from './web/dicom-web-error';
export { seriesHeaders, type SeriesHeadersOptions } from './web/series-headers';
export type { StoreResult } from './web/store-result';
export { pixelsFromDicomWeb } from './web/web-pixels';
export { reportObjectFaults, type ReportObjects } from './verify/invariants';
export { PARAMETRIC_MAP_STORAGE, type ParametricMapContent } from './parametric-map/content';
export { readParametricMap, type ReadParametricMap } from './parametric-map/read-parametric-map';
export { writeParametricMap } from './parametric-map/write-parametric-map';
