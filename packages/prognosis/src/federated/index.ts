export { checkDisclosure, DISCLOSURE_RULE, MIN_CELL, MIN_SITE } from './disclosure';
export {
  evaluationAnswerSchema,
  evaluationRequestSchema,
  fitAnswerSchema,
  fitRequestSchema,
  fitResultSchema,
  readExchangeFile,
  type EvaluationAnswer,
  type EvaluationRequest,
  type FitAnswer,
  type FitRequest as FederatedFitRequest,
  type FitResult as FederatedFitResult,
} from './exchange-files';
export {
  answerEvaluation,
  combineEvaluations,
  startFederatedEvaluation,
  type FederatedEvaluation,
} from './federated-evaluation';
export { answerFitRequest, federatedStep, startFederatedFit, type FederatedModel } from './federated-fit';
export { sharedPredictors, siteData } from './site-data';
