export { fitLogistic, type LogisticFit, type LogisticOptions } from './logistic-fit';
export { addSums, logisticSums, type LogisticData, type LogisticSums } from './logistic-sums';
export { newtonPoint, type LogisticPenalty, type NewtonPoint } from './newton';
export { cholesky, type Cholesky } from './symmetric-matrix';
