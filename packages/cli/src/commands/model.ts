import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { InputRefused } from '@myelon/diffusion';
import { MYELON_VERSION } from '@myelon/pipeline';
import {
  checkedModelFile,
  DERIVED_BEFORE,
  DERIVED_SCORE,
  modelBefore,
  recalibrate,
  signingKeys,
  signModel,
  type Cohort,
  type ModelContent,
  type ModelFile,
  type Recalibration,
} from '@myelon/prognosis';
import type { Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { ExitCode } from '../exit-code';
import { readCohortFile } from '../inputs/cohort-file';
import { readTextFile, writeOutputFile } from '../inputs/files';
import type { Dispatch } from '../program';
import { withProgress } from '../terminal';

interface RecalibrateOptions {
  readonly out: string;
  readonly site: string;
  readonly modelVersion: string;
  readonly key: string;
  readonly outcome: string;
  readonly basedOn?: string;
  readonly json?: true;
}

/** `myelon model key | recalibrate | check`: a site's own score as a signed file. */
export function addModel(program: Command, dispatch: Dispatch): void {
  const model = program.command('model').description("a site's own score: recalibrate, sign, check");
  model
    .command('key')
    .description('make a key to sign models with; the file is secret, the printed public key is not')
    .requiredOption('--out <file>', 'where to write the secret key')
    .option('--json', 'print one JSON object')
    .action(({ out, json }: { out: string; json?: true }) => {
      dispatch(() => makeKey(out), json ?? false);
    });
  model
    .command('recalibrate')
    .description('test the score on a cohort and change as little of it as the patients ask for and allow')
    .argument('<csv>', 'one patient per row')
    .requiredOption('--out <file>', 'where to write the model file (JSON)')
    .requiredOption('--site <name>', 'name of the site, as reports will say it')
    .requiredOption('--model-version <text>', 'version of the new model')
    .requiredOption('--key <file>', 'secret key (myelon model key)')
    .option('--based-on <file>', 'model file to start from (default: the score that comes with the software)')
    .option('--outcome <text>', 'what counts as good recovery', 'recovery rate of at least 50 %')
    .option('--json', 'print one JSON object')
    .action((csv: string, options: RecalibrateOptions) => {
      dispatch((context) => recalibrated(csv, options, context), options.json ?? false);
    });
  model
    .command('check')
    .description('check that a model file is whole, who signed it, and what it replaces')
    .argument('<file>', 'model file (JSON)')
    .option('--trust <key...>', 'public keys of which one must have signed it')
    .option('--json', 'print one JSON object')
    .action((file: string, { trust, json }: { trust?: readonly string[]; json?: true }) => {
      dispatch(async () => checked(await readModelFile(file, trust)), json ?? false);
    });
}

async function makeKey(out: string): Promise<CommandResult> {
  const { secretKey, publicKey } = signingKeys(randomBytes(32));
  try {
    // Never over an older key: models signed with it could not be told from others any more.
    await writeFile(out, `${secretKey}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputRefused(
      `the key cannot be written: ${why}`,
      out,
      'name a new file in a folder that exists',
    );
  }
  return done([`secret key written to ${out}`, `public key ${publicKey}`], { file: out, publicKey });
}

async function recalibrated(
  csv: string,
  options: RecalibrateOptions,
  { terminal }: CommandContext,
): Promise<CommandResult> {
  const secretKey = (await readTextFile(options.key)).trim();
  const file = await readCohortFile(csv, {});
  if (file.kind !== 'cohort')
    throw new InputRefused('scans and rescans, no outcomes', csv, 'give a cohort, one patient per row');
  const before = options.basedOn === undefined ? null : await readModelFile(options.basedOn);
  const complete = completePatients(file.cohort);
  const found = await withProgress(terminal, 'Recalibrating', (onProgress) =>
    recalibrate(before ? modelBefore(before) : DERIVED_BEFORE, complete, (fraction) => {
      onProgress(fraction);
      return Promise.resolve();
    }),
  );
  const model = signModel(contentOf(found, file.cohort, csv, before, options), secretKey);
  await writeOutputFile(options.out, `${JSON.stringify(model, null, 2)}\n`);
  const result = checked(model);
  return {
    ...result,
    summary: [...result.summary, `written to ${options.out}`],
    warnings: file.cohort.remarks,
  };
}

function completePatients({ patients }: Cohort) {
  const rows = patients.flatMap(({ fa, ivimFPercent, good }) =>
    fa === null || ivimFPercent === null || good === null ? [] : [{ fa, ivimFPercent, good }],
  );
  return {
    fa: rows.map(({ fa }) => fa),
    fPercent: rows.map(({ ivimFPercent }) => ivimFPercent),
    good: rows.map(({ good }) => (good ? 1 : 0)),
  };
}

function contentOf(
  { good, poor, ...found }: Recalibration,
  cohort: Cohort,
  csv: string,
  before: ModelFile | null,
  { site, modelVersion, outcome }: RecalibrateOptions,
): ModelContent {
  const { validRange, measurement } = before ?? DERIVED_SCORE;
  const { id, version, hash } = before ?? DERIVED_SCORE;
  return {
    schema: 'myelon-score-model',
    schemaVersion: '1.0',
    id,
    version: modelVersion,
    createdAt: new Date().toISOString(),
    software: { name: 'Myelon', version: MYELON_VERSION },
    site,
    basedOn: { id, version, hash },
    validRange: { fa: [...validRange.fa], f: [...validRange.f] },
    measurement: {
      ...measurement,
      tensorMethods: [...measurement.tensorMethods],
      ivimMethods: [...measurement.ivimMethods],
      tensorBValues: measurement.tensorBValues && [...measurement.tensorBValues],
      ivimBValues: measurement.ivimBValues && [...measurement.ivimBValues],
    },
    cohort: {
      patients: good + poor,
      good,
      poor,
      from: null,
      to: null,
      outcome,
      mjoaVersion: cohort.mjoaVersion,
      source: csv.split(/[\\/]/).at(-1) ?? csv,
    },
    ...found,
    remarks: [`Recalibrated at ${site} on ${String(good + poor)} patients: ${found.because}.`],
  };
}

/** @throws InputRefused when the file is no model, was changed, or is signed by nobody trusted */
export async function readModelFile(path: string, trusted?: readonly string[]): Promise<ModelFile> {
  const text = await readTextFile(path);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new InputRefused('not JSON', path, 'give a model file made by myelon model recalibrate');
  }
  return checkedModelFile(raw, path, trusted);
}

function checked(model: ModelFile): CommandResult {
  const { id, version, site, update, because, cohort, performance, basedOn, hash, signature } = model;
  const { auc, aucCorrected, calibrationBefore: before } = performance;
  const two = (value: number) => value.toFixed(2);
  return done(
    [
      `${id} ${version} of ${site}: ${update} (${because})`,
      `${String(cohort.patients)} patients, ${String(cohort.good)} with good recovery (${cohort.outcome}, ${cohort.mjoaVersion})`,
      `before: calibration intercept ${two(before.intercept)}, slope ${two(before.slope)}`,
      `AUC ${two(auc)}${aucCorrected === null ? '' : `, corrected for optimism ${two(aucCorrected)}`}; Brier ${performance.brier.toFixed(3)}`,
      `based on ${basedOn.id} ${basedOn.version}${basedOn.hash === null ? ', which comes with the software' : ` (${basedOn.hash})`}; to go back, install that`,
      `SHA-256 ${hash}`,
      `signed with ${signature.publicKey}`,
    ],
    { ...model },
  );
}

function done(summary: readonly string[], details: Record<string, unknown>): CommandResult {
  return { exitCode: ExitCode.done, summary, details, notDone: [], leftOut: [], warnings: [] };
}
