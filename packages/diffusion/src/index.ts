export * from './data/refusal';
export * from './data/gradient-table';
export * from './data/gradient-description';
export * from './data/voxel-grid';
export * from './data/diffusion-volume';
export * from './data/signal-check';
export * from './data/scalar-map';
export * from './data/detail-map';
export * from './data/verdict';
export * from './tensor/tensor-model';
export * from './tensor/tensor-volumes';
export { tensorMode, type TensorDetails } from './tensor/tensor-details';
export type { TensorQuantity } from './tensor/tensor-output';
export * from './tensor/tensor-fit';
export type { FitRunner } from './fitting/fit-runner';
export { FitPool } from './worker-pool/fit-pool';
export { serveFits } from './worker-pool/fit-service';
export type { Channel, FromWorker, PoolWorker, ToWorker } from './worker-pool/pool-messages';
export * from './ivim/ivim-model';
export * from './ivim/ivim-verdict';
export * from './ivim/perfusion-identifiability';
export { IVIM_PRIORS, type IvimPrior, type IvimPriorName } from './ivim/ivim-priors';
export type { LearnedPrior } from './ivim/learned-prior';
export type { IntervalQuantity } from './ivim/ivim-estimate';
export type { IvimQuantity } from './ivim/ivim-output';
export * from './ivim/ivim-fit';
export * from './statistics/region-statistics';
export * from './simulation/rician-noise';
export * from './simulation/simulated-series';
export {
  bootstrapIvimGroups,
  bootstrapIvimRegion,
  bootstrapTensorRegion,
} from './uncertainty/bootstrap-region';
export type { BootstrapOptions } from './uncertainty/wild-bootstrap';
export * from './uncertainty/group-replicates';
export * from './uncertainty/analytic-region';
export * from './preprocess/signal-to-noise';
export * from './preprocess/mp-pca';
export * from './preprocess/gibbs-unringing';
export * from './preprocess/rician-correction';
export * from './preprocess/slice-motion';
export * from './preprocess/slice-outliers';
