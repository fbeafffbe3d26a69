export * from './fa-f-rule';
export * from './federated';
export * from './fixed-statements';
export * from './judge-markers';
export * from './logistic';
export * from './mjoa';
export * from './score';
