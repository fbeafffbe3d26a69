import { isMjoaReport, readMeasurementReport, string, Tag, type DicomJsonDataset } from '@myelon/dicom';
import { formatQuantity, QUANTITIES } from '@myelon/diffusion';
import { recordFromReport, type ReportedAnalysis } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { patch, type ReadingContext } from '../reading-context';
import type { ArchivedReport } from '../reading-state';
import { statisticsOf } from '../summaries';
import { problemOf } from '../tasks';

const PATIENCE_MS = 60_000;

/** Lists the Myelon reports of the study that the archive holds. A failure is shown there, nothing else stops. */
export async function findReports(context: ReadingContext): Promise<void> {
  const { studyInstanceUID } = context.store.getState();
  if (studyInstanceUID === null) return;
  patch(context, 'report', { looking: true });
  try {
    const datasets = await context.host.archive.reports(studyInstanceUID, AbortSignal.timeout(PATIENCE_MS));
    const archived = datasets
      .filter((dataset) => !isMjoaReport(dataset))
      .map(archivedReport)
      .filter(({ isPart }) => !isPart);
    patch(context, 'report', { archived, historyProblem: null, looking: false });
  } catch (error) {
    patch(context, 'report', { historyProblem: problemOf(error).what, looking: false });
  }
}

/** Lists the Myelon reports of other studies of the same patient, for comparison. */
export async function findPriorReports(context: ReadingContext): Promise<void> {
  const { studyInstanceUID } = context.store.getState();
  const [open] = context.openSeries.values();
  const patientID = string(open?.datasets[0] ?? {}, Tag.PatientID);
  if (studyInstanceUID === null || patientID === undefined) {
    patch(context, 'report', { prior: [], priorProblem: WORDS.compare.noPatient });
    return;
  }
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const datasets = await context.host.archive.priorReports(patientID, studyInstanceUID, signal);
    const prior = datasets
      .filter((dataset) => !isMjoaReport(dataset))
      .map(archivedReport)
      .filter(({ isPart }) => !isPart);
    patch(context, 'report', { prior, priorProblem: null });
  } catch (error) {
    patch(context, 'report', { priorProblem: problemOf(error).what });
  }
}

/** A damaged report is listed as such: the others must stay readable. */
export function archivedReport(dataset: DicomJsonDataset): ArchivedReport {
  try {
    const report = readMeasurementReport(dataset);
    const analysis = recordFromReport(report);
    return {
      sopInstanceUID: report.sopInstanceUID,
      studyInstanceUID: report.studyInstanceUID,
      createdAt: report.createdAt ?? '',
      verified: report.state.verified,
      verifiedBy: report.state.verifiedBy ?? null,
      predecessor: report.predecessor?.sopInstanceUID ?? null,
      madeOn: report.device.name ?? report.device.serialNumber ?? null,
      values: valuesOf(analysis),
      statement: statementOf(analysis),
      analysis,
      // The report of the regions is listed.
      isPart: analysis.regions.length === 0,
      problem: null,
    };
  } catch (error) {
    return { ...UNREADABLE, problem: problemOf(error) };
  }
}

const UNREADABLE: Omit<ArchivedReport, 'problem'> = {
  sopInstanceUID: '',
  studyInstanceUID: '',
  createdAt: '',
  verified: false,
  verifiedBy: null,
  predecessor: null,
  madeOn: null,
  values: '',
  statement: '',
  analysis: null,
  isPart: false,
};

function valuesOf({ regions }: ReportedAnalysis): string {
  const region = regions.find(({ kind }) => kind === 'compression') ?? regions[0];
  if (!region) return WORDS.report.noRegions;
  const values = (['fa', 'ivim_f', 'md'] as const).flatMap((quantity) => {
    const statistics = statisticsOf(region, quantity);
    const { symbol, shownUnit } = QUANTITIES[quantity];
    return statistics ? [`${symbol} ${formatQuantity(quantity, statistics.mean)} ${shownUnit}`.trim()] : [];
  });
  return `${region.name}: ${values.join(', ')}`;
}

function statementOf({ prognosis }: ReportedAnalysis): string {
  if (prognosis === null) return '';
  return prognosis.kind === 'statement'
    ? prognosis.sentence
    : `${WORDS.prognosis.abstained}: ${prognosis.reasons.join('; ')}`;
}
