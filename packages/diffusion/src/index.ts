export * from './data/refusal';
export * from './data/gradient-table';
export * from './data/voxel-grid';
export * from './data/diffusion-volume';
export * from './data/scalar-map';
