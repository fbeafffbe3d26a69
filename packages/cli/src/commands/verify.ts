import { AnalysisSession, compareAnalyses, movedInWords, MYELON_VERSION } from '@myelon/pipeline';
import type { Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { ExitCode } from '../exit-code';
import {
  addDicomWebOptions,
  addFileInputOptions,
  inputPlace,
  type InputOptions,
  type InputPlace,
} from '../inputs/input-options';
import { loadInputs } from '../inputs/load-inputs';
import type { LoadedInputs } from '../inputs/loaded-inputs';
import { loadReport, type ReportToVerify } from '../inputs/reported-analysis';
import { addModelOptions, checkModelOptions, type ModelOptions } from '../model-options';
import { addAll, fitWithProgress, outlineKey, planModels } from '../models';
import type { Dispatch } from '../program';
import { withProgress } from '../terminal';

interface VerifyOptions extends InputOptions, ModelOptions {
  readonly dwi?: string;
  readonly json?: true;
}

const VERIFY_NOTES = `
The images are read, outlined and fitted again, with the model options given here: give those of the analysis. Of
sr.dcm, seg.dcm must lie beside it; of a record with a reader's outline, mask.nii.gz. Exit code 0: every number
holds; 4: numbers moved, each is listed with what it was and what it is now.`;

export function addVerify(program: Command, dispatch: Dispatch): void {
  const command = program
    .command('verify')
    .description('recompute a report from its images and say whether it still holds')
    .argument('<report>', 'record.json or sr.dcm')
    .option('--dwi <images>', 'the images: folder of DICOM files, or .nii / .nii.gz with --bval and --bvec');
  addModelOptions(addDicomWebOptions(addFileInputOptions(command)))
    .option('--json', 'print one JSON object')
    .addHelpText('after', VERIFY_NOTES)
    .action((report: string, options: VerifyOptions) => {
      checkModelOptions(options);
      const place = inputPlace(options.dwi, options);
      dispatch((context) => verify(report, place, options, context), options.json ?? false);
    });
}

async function verify(
  path: string,
  place: InputPlace,
  options: VerifyOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const loaded = await loadInputs(place, options.series, context);
  const report = await loadReport(path, loaded.series);
  const where = place.kind === 'dicomweb' ? place.url : place.path;
  const plan = planModels(loaded, { ...options, details: true }, 'field', where);
  const session = new AnalysisSession();
  addAll(session, loaded);
  await outlineAgain(session, loaded, report, context);
  await fitWithProgress(session, plan.request, context);
  const record = session.analyse({ compressionSlices: report.compressionSlices });
  const { compared, moved, other } = compareAnalyses(report.reported, record);
  const holds = moved.length === 0 && other.length === 0;
  const by = `made by Myelon ${report.softwareVersion}, recomputed by ${MYELON_VERSION}`;
  return {
    exitCode: holds ? ExitCode.done : ExitCode.partlyDone,
    summary: [
      holds
        ? `The report holds: ${String(compared)} numbers are the same (${by}).`
        : `The report does not hold: ${String(moved.length)} of ${String(compared)} numbers moved (${by}).`,
      ...moved.map((one) => movedInWords(one)),
      ...other,
    ],
    details: { holds, compared, moved, other, madeBy: report.softwareVersion, recomputedBy: MYELON_VERSION },
    notDone: [],
    leftOut: loaded.leftOut,
    warnings: [],
  };
}

/** The automatic outline again where it was used or edited, then the reader's. */
async function outlineAgain(
  session: AnalysisSession,
  loaded: LoadedInputs,
  { outline, mask }: ReportToVerify,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (outline === 'automatic' || outline === 'edited')
    await withProgress(terminal, 'Outlining', (onProgress) =>
      session.outline(outlineKey(loaded), [], onProgress, signal),
    );
  if (mask) session.setMask(mask);
}
