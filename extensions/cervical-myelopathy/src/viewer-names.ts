/** What the mode, and other extensions, have to know of this one. */
export { readingHotkeys } from './host/commands';
export * from './ids';
export type { ViewerHost } from './host/viewer-host';
