export * from './cord-mask';
