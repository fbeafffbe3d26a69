import {
  checkedClinicalForm,
  checkSiteSuccessRate,
  type ClinicalForm,
  type SiteSuccessRate,
} from '@myelon/prognosis';
import type { ReadingContext } from '../reading-context';
import { rememberSuccessRate } from '../site-success-rate';
import { measure } from './measure';

/**
 * Takes mJOA, Nurick grades and predictors into the reading; the record is made anew with them.
 * @throws InputRefused when versions are mixed or a score is none
 */
export async function enterClinical(context: ReadingContext, form: ClinicalForm): Promise<void> {
  context.store.setState({ clinical: checkedClinicalForm(form) });
  await measure(context);
}

/**
 * Takes the site's own share of good recoveries, or forgets it.
 * @throws InputRefused when it is no rate
 */
export async function enterSuccessRate(context: ReadingContext, rate: SiteSuccessRate | null): Promise<void> {
  if (rate) checkSiteSuccessRate(rate);
  rememberSuccessRate(rate);
  context.store.setState({ siteSuccessRate: rate });
  await measure(context);
}
