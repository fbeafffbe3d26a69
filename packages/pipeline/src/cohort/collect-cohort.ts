import { InputRefused } from '@myelon/diffusion';
import {
  recoveryRate,
  type ClinicalForm,
  type Cohort,
  type CohortPatient,
  type MjoaVersion,
} from '@myelon/prognosis';
import { findReports, type CohortSource, type FoundReport } from './find-reports';
import {
  MARKER_QUANTITIES,
  reportedPatients,
  type CollectionProblem,
  type MarkerQuantity,
  type ReportedPatient,
} from './reported-patient';

export interface CollectedCohort {
  readonly cohort: Cohort;
  /** What was found and could not be used. */
  readonly problems: readonly CollectionProblem[];
}

export interface CollectRun {
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
  /** Take outcomes on this version of mJOA only; without it all must be of one version. */
  readonly mjoaVersion?: MjoaVersion | undefined;
}

/**
 * A cohort from Myelon reports and mJOA reports of one or several archives, joined per patient. The first study with an
 * analysis of the compression counts: later ones may lie after surgery.
 *
 * @throws InputRefused when nothing was found, or versions of mJOA are mixed; DicomWebError when an archive cannot be asked
 */
export async function collectCohort(
  sources: readonly CohortSource[],
  { signal, onProgress, mjoaVersion }: CollectRun,
): Promise<CollectedCohort> {
  const reports: FoundReport[] = [];
  for (const [index, source] of sources.entries())
    reports.push(
      ...(await findReports(source, signal, (done) => onProgress?.((index + done) / sources.length))),
    );
  const { patients, problems } = reportedPatients(reports);
  const where = sources.map(({ name }) => name).join(', ');
  if (patients.length === 0)
    throw new InputRefused(
      `no Myelon report with a marked compression and no mJOA among ${String(reports.length)} structured reports`,
      where,
      'mark the compression and save reports first, or give a CSV file',
    );
  const version = oneVersion(patients, mjoaVersion, where);
  const methods = mainMethods(patients, problems);
  const several = sources.length > 1;
  const repeated = patients.filter(({ analyses }) => analyses.length > 1).length;
  return {
    cohort: {
      patients: patients.map((patient) => cohortPatient(patient, version, methods, several)),
      mjoaVersion: version,
      remarks: [
        `collected from ${where}: ${String(reports.length)} structured reports, ${String(patients.length)} patients`,
        ...(repeated > 0
          ? [`${String(repeated)} patients have several analysed studies; the earliest of each counts`]
          : []),
        ...(several
          ? [
              `${String(sources.length)} sources are pooled: FA and f differ between scanners, analyse them one by one as well; somebody known to two of them counts twice`,
            ]
          : []),
        ...problems.map(({ what, why }) => `left out: ${what}: ${why}`),
      ],
    },
    problems,
  };
}

function versionsOf({ clinical }: ReportedPatient): MjoaVersion[] {
  return [clinical?.pre, clinical?.post].flatMap((one) => (one ? [one.score.version] : []));
}

function oneVersion(
  patients: readonly ReportedPatient[],
  said: MjoaVersion | undefined,
  where: string,
): MjoaVersion {
  if (said) return said;
  const versions = [...new Set(patients.flatMap(versionsOf))];
  if (versions.length > 1)
    throw new InputRefused(
      `versions of mJOA are mixed: ${versions.join(' and ')}`,
      where,
      'say which one counts; patients of the others then have no outcome',
    );
  return versions[0] ?? 'mjoa-18';
}

type Methods = ReadonlyMap<MarkerQuantity, string>;

/** The most common way each marker was measured; values of others are another marker and are told of. */
function mainMethods(patients: readonly ReportedPatient[], problems: CollectionProblem[]): Methods {
  const methods = new Map<MarkerQuantity, string>();
  for (const quantity of MARKER_QUANTITIES) {
    const counts = new Map<string, number>();
    for (const { analyses } of patients) {
      const method = analyses[0]?.markers[quantity]?.method;
      if (method !== undefined) counts.set(method, (counts.get(method) ?? 0) + 1);
    }
    const [main, ...others] = [...counts].sort(([, p], [, q]) => q - p);
    if (main) methods.set(quantity, main[0]);
    for (const [method, n] of others)
      problems.push({
        what: `${quantity} of ${String(n)} patients`,
        why: `measured otherwise (${method}) than most (${main?.[0] ?? ''})`,
      });
  }
  return methods;
}

function cohortPatient(
  { source, patientId, analyses, clinical }: ReportedPatient,
  version: MjoaVersion,
  methods: Methods,
  several: boolean,
): CohortPatient {
  const marker = (quantity: MarkerQuantity, factor: number) => {
    const found = analyses[0]?.markers[quantity];
    return found && found.method === methods.get(quantity) ? found.mean * factor : null;
  };
  return {
    id: several ? `${source}: ${patientId}` : patientId,
    ...outcomeOf(clinical, version),
    fa: marker('fa', 1),
    adc: marker('md', 1000),
    ivimD: marker('ivim_d', 1000),
    ivimDstar: marker('ivim_dstar', 1000),
    ivimFPercent: marker('ivim_f', 100),
    ageYears: clinical?.predictors.age ?? null,
    symptomMonths: clinical?.predictors.duration ?? null,
    smoker: clinical?.predictors.smoking ?? null,
    scanner: source,
  };
}

function outcomeOf(
  clinical: ClinicalForm | null,
  version: MjoaVersion,
): Pick<CohortPatient, 'preMjoa' | 'postMjoa' | 'recoveryRatePercent' | 'good'> {
  const [pre, post] = [clinical?.pre?.score, clinical?.post?.score].map((score) =>
    score?.version === version ? score : undefined,
  );
  const rate = pre && post ? recoveryRate(pre, post) : null;
  const defined = rate?.kind === 'rate' ? rate : null;
  return {
    preMjoa: pre?.total ?? null,
    postMjoa: post?.total ?? null,
    recoveryRatePercent: defined?.percent ?? null,
    good: defined?.recovered ?? null,
  };
}
