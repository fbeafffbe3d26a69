export * from './dataset/dicom-json';
