export { canonicalJson } from './canonical-json';
export { GATES, gatedUpdate, type GatedUpdate } from './gates';
export { DERIVED_BEFORE, modelBefore, scoreModelOf } from './installed-model';
export {
  MODEL_UPDATES,
  modelFileSchema,
  type ModelCoefficients,
  type ModelContent,
  type ModelFile,
} from './model-file';
export { recalibrate, type ModelBefore, type Recalibration, type RecalibrationCohort } from './recalibrate';
export { checkedModelFile, modelHash, signingKeys, signModel, type SigningKeys } from './sign-model-file';
