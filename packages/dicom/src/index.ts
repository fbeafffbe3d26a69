export * from './dataset/dicom-json';
export { withVR, type AttributeValue, type Attributes, type PersonName } from './write/attributes';
export { decimalString } from './write/decimal-string';
export { encodePart10 } from './write/encode';
export { newUID } from './write/uid';
