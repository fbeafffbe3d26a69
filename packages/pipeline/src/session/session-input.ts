import type { DiffusionVolume } from '@myelon/diffusion';
import type { InputRecord } from '../analysis-record';
import type { PreparedWith } from './prepare-input';
import type { Prepared } from './prepare-series';

/** Where a volume came from, for the record; the session itself needs only the volume. */
export interface InputOrigin {
  readonly source: InputRecord['source'];
  readonly leftOut: InputRecord['leftOut'];
  readonly warnings: InputRecord['warnings'];
}

export interface SessionInput {
  readonly key: string;
  /** As it is fitted. */
  readonly volume: DiffusionVolume;
  readonly origin: InputOrigin;
  /** As it came, and what was done to it; absent when nothing was. */
  readonly prepared?: Prepared & { readonly raw: DiffusionVolume; readonly with: PreparedWith };
}
