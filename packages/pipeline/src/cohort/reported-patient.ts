import { isMjoaReport, isMyelonReport, readMeasurementReport, readMjoaReport } from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { ClinicalForm } from '@myelon/prognosis';
import { REGION_IDS } from '../measure/regions';
import type { FoundReport } from './find-reports';

/** A marker as a report has it, with how it was measured: values of different fits are different markers. */
export interface ReportedMarker {
  /** Stored unit: fraction, mm2/s. */
  readonly mean: number;
  readonly method: string;
}

export const MARKER_QUANTITIES = ['fa', 'md', 'ivim_d', 'ivim_dstar', 'ivim_f'] as const;
export type MarkerQuantity = (typeof MARKER_QUANTITIES)[number];

/** What the archive knows of one patient. */
export interface ReportedPatient {
  readonly source: string;
  readonly patientId: string;
  /** Studies with an analysis of the compression, oldest first; of each the newest report. */
  readonly analyses: readonly {
    readonly studyDate: string;
    readonly markers: Readonly<Partial<Record<MarkerQuantity, ReportedMarker>>>;
  }[];
  readonly clinical: ClinicalForm | null;
}

export interface CollectionProblem {
  readonly what: string;
  readonly why: string;
}

/** Reports joined per patient; what cannot be read is told and left out. */
export function reportedPatients(reports: readonly FoundReport[]): {
  patients: ReportedPatient[];
  problems: CollectionProblem[];
} {
  const problems: CollectionProblem[] = [];
  const grouped = new Map<string, FoundReport[]>();
  for (const report of reports) {
    if (report.patientId === '') {
      problems.push({ what: `study ${report.studyInstanceUID}`, why: 'it names no patient' });
      continue;
    }
    const key = JSON.stringify([report.source, report.patientId]);
    grouped.set(key, [...(grouped.get(key) ?? []), report]);
  }
  const patients = [...grouped.values()].flatMap((own) => {
    const patient = patientOf(own, problems);
    return patient.analyses.length > 0 || patient.clinical ? [patient] : [];
  });
  return { patients, problems };
}

function patientOf(reports: readonly FoundReport[], problems: CollectionProblem[]): ReportedPatient {
  const attempt = <Value>(report: FoundReport, read: () => Value): Value[] => {
    try {
      return [read()];
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      problems.push({ what: `report of ${report.patientId} (${report.source})`, why: error.message });
      return [];
    }
  };
  const newestFirst = <Value extends { readonly createdAt: string | null }>(all: Value[]) =>
    all.sort((p, q) => (q.createdAt ?? '').localeCompare(p.createdAt ?? ''));
  const clinical = newestFirst(
    reports
      .filter(({ dataset }) => isMjoaReport(dataset))
      .flatMap((report) => attempt(report, () => readMjoaReport(report.dataset))),
  );
  const analyses = newestFirst(
    reports
      .filter(({ dataset }) => isMyelonReport(dataset) && !isMjoaReport(dataset))
      .flatMap((report) =>
        attempt(report, () => {
          const { createdAt, regions } = readMeasurementReport(report.dataset);
          return {
            createdAt,
            study: report.studyInstanceUID,
            studyDate: report.studyDate,
            markers: markersOf(regions),
          };
        }),
      ),
  ).filter(({ markers }) => Object.keys(markers).length > 0);
  const seen = new Set<string>();
  const perStudy = analyses.filter(({ study }) => !seen.has(study) && seen.add(study));
  const [first] = reports;
  return {
    source: first?.source ?? '',
    patientId: first?.patientId ?? '',
    analyses: perStudy.sort((p, q) => p.studyDate.localeCompare(q.studyDate)),
    clinical: mergedForms(clinical.map((one) => one.clinical)),
  };
}

/** Means at the level of maximal compression. */
function markersOf(
  regions: ReturnType<typeof readMeasurementReport>['regions'],
): Partial<Record<MarkerQuantity, ReportedMarker>> {
  const compression = regions.find(({ name }) => name.toLowerCase() === REGION_IDS.compression);
  const found: Partial<Record<MarkerQuantity, ReportedMarker>> = {};
  for (const read of compression?.quantities ?? []) {
    const quantity = MARKER_QUANTITIES.find((one) => one === read.quantity);
    if (!quantity || 'missing' in read || read.statistics.mean === undefined) continue;
    const method = [read.model, read.fitting, ...read.parameters].filter(Boolean).join(', ');
    found[quantity] = { mean: read.statistics.mean, method };
  }
  return found;
}

/** Newest first: what the newest form leaves open is taken from older ones. */
function mergedForms(forms: readonly ClinicalForm[]): ClinicalForm | null {
  const [newest, ...older] = forms;
  if (!newest) return null;
  return older.reduce(
    (form, earlier) => ({
      pre: form.pre ?? earlier.pre,
      post: form.post ?? earlier.post,
      nurickPre: form.nurickPre ?? earlier.nurickPre,
      nurickPost: form.nurickPost ?? earlier.nurickPost,
      predictors: { ...earlier.predictors, ...form.predictors },
    }),
    newest,
  );
}
