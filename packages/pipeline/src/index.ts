export * from './analysis-record';
