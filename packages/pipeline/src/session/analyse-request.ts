import type { ClinicalForm, ModelFile, SiteSuccessRate } from '@myelon/prognosis';
import type { LevelsRequest } from '../measure/levels';

/** What a record states beyond the maps. */
export interface AnalyseRequest {
  /** Slices of the outline's grid, from 0, taken as the level of maximal compression; may be empty. */
  readonly compressionSlices: readonly number[];
  /** Why the statement must not be made yet (the reader has not confirmed ...); it then abstains with this reason. */
  readonly statementWithheld?: string;
  /** mJOA and what else was entered of the patient. */
  readonly clinical?: ClinicalForm;
  /** The site's own share of good recoveries; without it no probability is given. */
  readonly siteSuccessRate?: SiteSuccessRate;
  /** The site's own score, checked; the one that comes with the software without it. */
  readonly scoreModel?: ModelFile;
  /** Discs somebody knows, to name the levels by. */
  readonly levels?: LevelsRequest;
  /** What the record calls itself, for work that may be done twice; by chance and the clock without it. */
  readonly identity?: { readonly id: string; readonly createdAt?: string };
}
