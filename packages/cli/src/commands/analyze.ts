import { join } from 'node:path';
import type { FitPool } from '@myelon/diffusion';
import {
  metricsCsv,
  AnalysisSession,
  writeAnalysisRecord,
  type AnalysisRecord,
  type MeasuringChoice,
} from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import { addClinicalOptions, clinicalRequest, type ClinicalOptions } from '../clinical-options';
import { parseReplicates, parseSlices, parseTime } from '../analyze-arguments';
import type { CommandContext, CommandResult, Shortfall } from '../command-result';
import { BadUsage } from '../exit-code';
import { makeOutputFolder, writeOutputFile } from '../inputs/files';
import {
  addDicomWebOptions,
  addFileInputOptions,
  inputPlace,
  type InputOptions,
  type InputPlace,
} from '../inputs/input-options';
import { loadInputs } from '../inputs/load-inputs';
import type { LoadedInputs } from '../inputs/loaded-inputs';
import { addLevelOptions, levelsRequest, type LevelOptions } from '../inputs/level-options';
import { loadMask } from '../inputs/mask-input';
import {
  addErosionOption,
  addOutlineOptions,
  checkOutlineOptions,
  outlineWithProgress,
  type OutlineSourceOptions,
} from '../inputs/outline-options';
import type { SendOutcome } from '../outbox/send-outbox';
import { writeDicomReport, type ReportOutcome } from '../outputs/dicom-report';
import { writePdfReport } from '../outputs/pdf-report';
import { storeReport } from '../outputs/store-report';
import { AUTHORIZATION_VARIABLE } from '../inputs/dicomweb-study';
import {
  addModelOptions,
  addPreparationOptions,
  checkModelOptions,
  type ModelOptions,
} from '../model-options';
import {
  addAll,
  fitWithProgress,
  outlineKey,
  planModels,
  prepareWithProgress,
  refusedQuantities,
  type ModelPlan,
} from '../models';
import { addReportObjectOptions, reportOptions, type ReportObjectOptions } from '../report-object-options';
import { exitCodeFor } from '../outputs/exit-code-for';
import { deriveIdentity } from '../outputs/derived-identity';
import { summaryOfRecord } from '../outputs/summary-of-record';
import { writeFits } from '../outputs/write-fits';
import { voxelOrderOf, writeMask } from '../outputs/write-maps';
import type { Dispatch } from '../program';
import { addWorkerOptions, withWorkers, type WorkerOptions } from '../workers/worker-threads';
import { withProgress } from '../terminal';
import { readModelFile } from './model';

interface AnalyzeOptions
  extends
    InputOptions,
    ModelOptions,
    ClinicalOptions,
    LevelOptions,
    OutlineSourceOptions,
    WorkerOptions,
    ReportObjectOptions {
  readonly out: string;
  readonly mask?: string;
  readonly compressionSlices?: readonly number[];
  readonly erosion?: MeasuringChoice;
  readonly replicates?: number;
  readonly identity?: string;
  readonly createdAt?: string;
  readonly store?: true;
  readonly json?: true;
}

const ANALYZE_NOTES = `
DICOM objects need DICOM input: they join the study of their source images. A draft report is written; nobody has
confirmed it. ${AUTHORIZATION_VARIABLE} holds the Authorization header for the server, if it wants one.`;

const NO_REPORT_FROM_NIFTI =
  'no DICOM objects written: NIfTI names no study for them to join; analyse the DICOM series to get them';

export function addAnalyze(program: Command, dispatch: Dispatch): void {
  const command = program
    .command('analyze')
    .description(
      'the whole analysis: maps, cord mask, record.json, metrics.csv and report.pdf, and for DICOM input seg.dcm, pm-*.dcm, sr*.dcm, pdf.dcm and ko.dcm',
    )
    .argument('[dwi]', 'folder of DICOM files, or .nii / .nii.gz with --bval and --bvec')
    .requiredOption('--out <folder>', 'where to write')
    .option(
      '--mask <file>',
      'cord mask on the grid of the diffusion series: NIfTI, SEG or RTSTRUCT (default: automatic outline)',
    )
    .addOption(
      new Option(
        '--compression-slices <a-b>',
        'slices at the level of maximal compression, counted from 1 in the order of the maps, e.g. 7-8; without it ' +
          'there is no compression region and the FA + f statement abstains',
      ).argParser(parseSlices),
    );
  addErosionOption(addOutlineOptions(command));
  addReportObjectOptions(addWorkerOptions(addPreparationOptions(addModelOptions(command))));
  addClinicalOptions(addLevelOptions(addDicomWebOptions(addFileInputOptions(command))))
    .addOption(
      new Option(
        '--replicates <n>',
        'bootstrap replicates for the uncertainty of IVIM means; 0: none (default: 100)',
      ).argParser(parseReplicates),
    )
    .option(
      '--identity <key>',
      'derive every identifier from this key instead of chance: the same input and key give the same objects',
    )
    .addOption(
      new Option(
        '--created-at <time>',
        'time that the record names as its own, ISO 8601; needs --identity',
      ).argParser(parseTime),
    )
    .option('--store', 'store every DICOM object on the DICOMweb server and read it back')
    .option('--json', 'print one JSON object')
    .addHelpText('after', ANALYZE_NOTES)
    .action((dwi: string | undefined, options: AnalyzeOptions) => {
      checkModelOptions(options);
      if (options.createdAt !== undefined && options.identity === undefined)
        throw new BadUsage('--created-at needs --identity');
      checkOutlineOptions(options);
      const place = inputPlace(dwi, options);
      if (options.store && place.kind !== 'dicomweb')
        throw new BadUsage(
          '--store needs --dicomweb URL and --study UID: results go back to where the study is',
        );
      dispatch(
        (context) => withWorkers(options, (pool) => analyze(place, options, pool, context)),
        options.json ?? false,
      );
    });
}

async function analyze(
  place: InputPlace,
  options: AnalyzeOptions,
  pool: FitPool | null,
  context: CommandContext,
): Promise<CommandResult> {
  const clinical = clinicalRequest(options);
  const identity =
    options.identity === undefined ? null : deriveIdentity(options.identity, options.createdAt);
  const scoreModel = options.scoreModel === undefined ? null : await readModelFile(options.scoreModel);
  const levels = await levelsRequest(options);
  const loaded = await loadInputs(place, options.series, context);
  const where = place.kind === 'dicomweb' ? place.url : place.path;
  // What the record states needs the details, whether or not their maps are written.
  const plan = planModels(loaded, { ...options, details: true }, 'field', where);
  const session = new AnalysisSession(pool);
  addAll(session, loaded);
  session.measuring = options.erosion;
  // A given mask tells where motion matters; an automatic outline wants images without it.
  if (options.mask !== undefined) await outlineOrMask(session, loaded, options, context);
  await prepareWithProgress(session, plan.request, options, context);
  if (options.mask === undefined) await outlineOrMask(session, loaded, options, context);
  const outcome = await fitWithProgress(session, plan.request, context);
  await bootstrapIfAsked(session, options, context);
  const record = session.analyse({
    compressionSlices: options.compressionSlices ?? [],
    ...levels,
    ...clinical,
    ...(scoreModel && { scoreModel }),
    ...(identity && { identity }),
  });
  await makeOutputFolder(options.out);
  const files = await writeFits(options.out, outcome, voxelOrderOf(loaded), options.details ?? false);
  const mask = session.currentMask();
  if (!mask) throw new Error('measured without a mask');
  await writeMask(join(options.out, 'mask.nii.gz'), mask, voxelOrderOf(loaded));
  await writeOutputFile(join(options.out, 'record.json'), writeAnalysisRecord(record));
  await writeOutputFile(join(options.out, 'metrics.csv'), metricsCsv(record));
  files.push('mask.nii.gz', 'record.json', 'metrics.csv', 'report.pdf');
  const { tensorKey, ivimKey } = plan.request;
  const used = loaded.series.filter(({ key }) => key === tensorKey || key === ivimKey);
  const pictured = { mask, maps: outcome.maps, underlay: session.meanDiffusionImage(outlineKey(loaded)) };
  const pdf = await writePdfReport(options.out, record, pictured, used);
  const report =
    loaded.kind === 'dicom'
      ? await writeDicomReport(
          options.out,
          record,
          { mask, maps: outcome.maps, pdf },
          used,
          reportOptions(options),
        )
      : null;
  const stored = await storeIfAsked(report, place, options, context);
  return resultOf(record, plan, loaded, options, {
    files: [...files, ...(report?.kind === 'built' ? report.objects.map(({ file }) => file) : [])],
    stored: stored?.confirmed ?? null,
    notDone: [
      ...refusedQuantities(outcome),
      ...(report?.kind === 'not built' ? report.notDone : []),
      ...(stored?.notDone ?? []),
    ],
  });
}

const DEFAULT_REPLICATES = 100;

/** The same study gives the same numbers. */
const BOOTSTRAP_SEED = 1;

async function bootstrapIfAsked(
  session: AnalysisSession,
  { replicates = DEFAULT_REPLICATES }: AnalyzeOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (replicates === 0) return;
  await withProgress(terminal, 'Bootstrap', (onProgress) =>
    session.bootstrap({ seed: BOOTSTRAP_SEED, replicates, onProgress, signal }),
  );
}

async function storeIfAsked(
  outcome: ReportOutcome | null,
  place: InputPlace,
  { store, out }: AnalyzeOptions,
  { signal }: CommandContext,
): Promise<SendOutcome | null> {
  if (!store || place.kind !== 'dicomweb') return null;
  if (outcome?.kind !== 'built')
    return { confirmed: [], notDone: [{ what: 'store the report', why: 'they could not be made' }] };
  const target = { name: place.url, url: place.url };
  const to = { studyInstanceUID: place.study, target };
  return storeReport(join(out, 'outbox'), outcome.objects, to, signal);
}

interface Written {
  readonly files: readonly string[];
  readonly stored: SendOutcome['confirmed'] | null;
  readonly notDone: readonly Shortfall[];
}

function resultOf(
  record: AnalysisRecord,
  plan: ModelPlan,
  loaded: LoadedInputs,
  options: AnalyzeOptions,
  { files, stored, notDone: notWritten }: Written,
): CommandResult {
  const notDone = [...plan.notDone, ...notWritten];
  return {
    exitCode: exitCodeFor(notDone, loaded),
    summary: [
      ...summaryOfRecord(record),
      ...(loaded.kind === 'nifti' ? [NO_REPORT_FROM_NIFTI] : []),
      `${files.join(', ')} written to ${options.out}`,
      ...(stored ?? []).map(({ description }) => `${description}: stored, and confirmed by reading it back`),
    ],
    details: { files, stored, record: record.id, series: plan.chosen, prognosis: record.prognosis.kind },
    notDone,
    leftOut: loaded.leftOut,
    warnings: [
      ...record.warnings,
      ...record.inputs.flatMap((input) => input.warnings),
      ...record.cord.slicesToCheck.map(({ slice, why }) => `slice ${String(slice + 1)} needs a look: ${why}`),
    ],
  };
}

async function outlineOrMask(
  session: AnalysisSession,
  loaded: LoadedInputs,
  options: AnalyzeOptions,
  context: CommandContext,
): Promise<void> {
  if (options.mask !== undefined) {
    session.setMask(
      await loadMask(
        options.mask,
        loaded.series.map(({ volume }) => volume),
      ),
    );
    return;
  }
  await outlineWithProgress(session, outlineKey(loaded), [], options, context);
}
