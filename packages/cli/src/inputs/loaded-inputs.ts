import type { DicomJsonDataset } from '@myelon/dicom';
import type { DiffusionVolume } from '@myelon/diffusion';
import type { InputOrigin } from '@myelon/pipeline';
import type { Shortfall } from '../command-result';

/** One diffusion series in memory. */
export interface LoadedSeries {
  /** Series Instance UID, or the file's path. */
  readonly key: string;
  readonly volume: DiffusionVolume;
  readonly origin: InputOrigin;
  /** Data sets of its instances without pixels; empty when it did not come from DICOM. */
  readonly instances: readonly DicomJsonDataset[];
}

/** What the input arguments gave. At least one series. */
export interface LoadedInputs {
  readonly kind: 'dicom' | 'nifti';
  readonly series: readonly LoadedSeries[];
  /** Files and series that could not be used, and frames left out of used series. */
  readonly leftOut: readonly Shortfall[];
  /** True when something left out should have been there: results rest on less than was given. */
  readonly incomplete: boolean;
}
