export {
  CONVERGED_DECREMENT,
  fitLogistic,
  ROUNDING_DECREMENT,
  type LogisticFit,
  type LogisticOptions,
} from './logistic-fit';
export {
  addSums,
  checkLogisticData,
  logisticSums,
  type LogisticData,
  type LogisticSums,
} from './logistic-sums';
export { isBetter, newtonPoint, type LogisticPenalty, type NewtonPoint } from './newton';
export { cholesky, type Cholesky } from './symmetric-matrix';
