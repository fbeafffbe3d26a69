import { InputRefused } from '@myelon/diffusion';
import type { AnalyseRequest } from '@myelon/pipeline';
import {
  checkSiteSuccessRate,
  EMPTY_CLINICAL_FORM,
  MJOA_VERSIONS,
  mjoaFromTotal,
  type MjoaVersion,
} from '@myelon/prognosis';
import { Option, type Command } from 'commander';
import { BadUsage } from './exit-code';

/** What is known of the patient and the site beside the images. */
export interface ClinicalOptions {
  readonly mjoa?: number;
  readonly mjoaPost?: number;
  readonly mjoaVersion: MjoaVersion;
  readonly scoreModel?: string;
  readonly successRate?: { readonly recovered: number; readonly operated: number };
}

/** Adds --mjoa, --mjoa-post, --mjoa-version, --success-rate and --score-model. */
export function addClinicalOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--mjoa <n>', 'mJOA total before the operation, for the record').argParser(parseTotal),
    )
    .addOption(
      new Option('--mjoa-post <n>', 'mJOA total after it, in the same version').argParser(parseTotal),
    )
    .addOption(
      new Option('--mjoa-version <version>', 'which mJOA: 18 or 17 points, or the six-item JOA of 17')
        .choices(MJOA_VERSIONS)
        .default('mjoa-18'),
    )
    .addOption(
      new Option(
        '--success-rate <k/n>',
        'of n operated patients of this site k regained at least half of the lost mJOA points, e.g. 52/80; without ' +
          'it the score gives no probability',
      ).argParser(parseRate),
    )
    .option(
      '--score-model <file>',
      "this site's own score (myelon model recalibrate); without it the one that comes with the software",
    );
}

/**
 * The options as the analysis takes them.
 * @throws BadUsage when a total is not of the version, or a rate is none
 */
export function clinicalRequest(
  options: ClinicalOptions,
): Pick<AnalyseRequest, 'clinical' | 'siteSuccessRate'> {
  const { mjoa, mjoaPost, mjoaVersion, successRate } = options;
  const entry = (total: number | undefined) =>
    total === undefined ? null : { score: mjoaFromTotal(mjoaVersion, total), date: null };
  try {
    if (successRate) checkSiteSuccessRate(successRate);
    const [pre, post] = [entry(mjoa), entry(mjoaPost)];
    return {
      ...((pre ?? post) && { clinical: { ...EMPTY_CLINICAL_FORM, pre, post } }),
      ...(successRate && { siteSuccessRate: successRate }),
    };
  } catch (error) {
    if (error instanceof InputRefused) throw new BadUsage(error.message);
    throw error;
  }
}

function parseTotal(text: string): number {
  if (!/^\d{1,2}$/.test(text.trim())) throw new BadUsage(`mJOA ${text}: give a whole number of points`);
  return Number(text);
}

function parseRate(text: string): { recovered: number; operated: number } {
  const [, recovered, operated] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  if (recovered === undefined || operated === undefined)
    throw new BadUsage(`--success-rate ${text}: give recovered/operated patients, as in 52/80`);
  return { recovered: Number(recovered), operated: Number(operated) };
}
