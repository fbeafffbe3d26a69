export { createArchive, registerArchive } from './web/register-archive';
export type { Archive, ArchiveHandle, ArchiveOptions } from './web/register-archive';
export { failureReasons } from './storage/store-outcome';
export type { StoreOutcome } from './storage/store-outcome';
export type { Counts } from './storage/archive-index';
export type { RestoreReport } from './storage/restore-index';
