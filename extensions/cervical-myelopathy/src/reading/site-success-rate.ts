import { checkSiteSuccessRate, type SiteSuccessRate } from '@myelon/prognosis';

const KEY = 'myelon.site-success-rate';

/** The rate a reader of this site entered last in this browser; null when there is none that can be used. */
export function rememberedSuccessRate(): SiteSuccessRate | null {
  try {
    const { operated, recovered } = JSON.parse(localStorage.getItem(KEY) ?? 'null') as SiteSuccessRate;
    checkSiteSuccessRate({ operated, recovered });
    return { operated, recovered };
  } catch {
    // Storage may be blocked, empty or another version's: then nothing is remembered.
    return null;
  }
}

export function rememberSuccessRate(rate: SiteSuccessRate | null): void {
  try {
    if (rate) localStorage.setItem(KEY, JSON.stringify(rate));
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the rate holds for this reading alone.
  }
}
