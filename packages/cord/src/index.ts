export * from './cord-mask';
export { voxelsBesideCordOnly, voxelsWhollyInside, type MeasuringMask } from './measuring-mask';
export { type OutlineContrast } from './outline/contrast';
export { outlineCord, type CordOutline, type OutlineOptions } from './outline/outline-cord';
export { type SliceToCheck } from './outline/slices-to-check';
export { resampleMask } from './resample-mask';
