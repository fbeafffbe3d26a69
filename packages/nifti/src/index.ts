export { readFslGradientTable, writeFslGradientTable } from './fsl-gradient-table';
export { niftiDiffusionVolume } from './nifti-diffusion-volume';
export type { NiftiImage } from './nifti-image';
export { niftiOrientedGrid, toNiftiOrientation } from './nifti-orientation';
export { readNifti } from './read-nifti';
export { losslessDatatype, writeNifti, type NiftiDatatype, type NiftiToWrite } from './write-nifti';
