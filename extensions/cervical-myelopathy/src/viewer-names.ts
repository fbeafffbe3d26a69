/** What the mode has to know of the extension. */
export { readingHotkeys } from './host/commands';
export * from './ids';
