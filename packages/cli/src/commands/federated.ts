import { InputRefused } from '@myelon/diffusion';
import {
  answerEvaluation,
  answerFitRequest,
  combineEvaluations,
  DISCLOSURE_RULE,
  evaluationAnswerSchema,
  evaluationRequestSchema,
  federatedStep,
  fitAnswerSchema,
  fitRequestSchema,
  fitResultSchema,
  MJOA_VERSIONS,
  readExchangeFile,
  sharedPredictors,
  siteData,
  startFederatedEvaluation,
  startFederatedFit,
  type FederatedFitRequest,
  type FederatedFitResult,
  type MjoaVersion,
} from '@myelon/prognosis';
import { Option, type Command } from 'commander';
import type { CommandResult } from '../command-result';
import { ExitCode } from '../exit-code';
import { readCohortFile } from '../inputs/cohort-file';
import { readTextFile, writeOutputFile } from '../inputs/files';
import type { Dispatch } from '../program';

interface StartOptions {
  readonly study: string;
  readonly out: string;
  readonly outcome: string;
  readonly predictors: string;
  readonly mjoa: MjoaVersion;
  readonly json?: true;
}

interface AnswerOptions {
  readonly cohort: string;
  readonly site: string;
  readonly out: string;
  readonly json?: true;
}

interface OutOption {
  readonly out: string;
  readonly json?: true;
}

/** `myelon federated start | answer | combine | evaluate`: one model of several sites, whose patients stay where they are. */
export function addFederated(program: Command, dispatch: Dispatch): void {
  const federated = program
    .command('federated')
    .description(`one model of several sites without moving patients. ${DISCLOSURE_RULE}`);
  addStart(federated, dispatch);
  federated
    .command('answer')
    .description(
      "at a site: sums (or counts) over the site's patients, never a row; read them before you send them",
    )
    .argument('<request>', 'request of the coordinator (JSON)')
    .requiredOption('--cohort <csv>', 'patients of this site, one per row')
    .requiredOption('--site <name>', 'name of the site')
    .requiredOption('--out <file>', 'the answer (JSON)')
    .option('--json', 'print one JSON object')
    .action((request: string, options: AnswerOptions) => {
      dispatch(() => answered(request, options), options.json ?? false);
    });
  federated
    .command('combine')
    .description('at the coordinator: the next request, or the result when there is nothing more to ask')
    .argument('<request>', 'the request that was answered (JSON)')
    .argument('<answers...>', 'one answer of each site (JSON)')
    .requiredOption('--out <file>', 'next request, or result (JSON)')
    .option('--json', 'print one JSON object')
    .action((request: string, answers: readonly string[], { out, json }: OutOption) => {
      dispatch(() => combined(request, answers, out), json ?? false);
    });
  federated
    .command('evaluate')
    .description('at the coordinator: ask the sites how a fitted model does on their patients')
    .argument('<result>', 'result of the fit (JSON)')
    .requiredOption('--out <file>', 'the request (JSON)')
    .option('--json', 'print one JSON object')
    .action((result: string, { out, json }: OutOption) => {
      dispatch(async () => {
        const fit = readExchangeFile(fitResultSchema, await readTextFile(result), result);
        return written(out, startFederatedEvaluation(fit), [
          `request to evaluate the model of ${fit.study} written to ${out}: send it to every site`,
        ]);
      }, json ?? false);
    });
}

function addStart(federated: Command, dispatch: Dispatch): void {
  federated
    .command('start')
    .description('at the coordinator: the request of the first round')
    .requiredOption('--study <name>', 'name of the joint analysis')
    .requiredOption('--out <file>', 'the request (JSON)')
    .option('--outcome <text>', 'what counts as good recovery', 'recovery rate of at least 50 %')
    .option('--predictors <list>', 'from fa, f, adc, pre_mjoa, age; separated by commas', 'fa,f')
    .addOption(
      new Option('--mjoa <version>', 'version of mJOA all sites scored with')
        .choices([...MJOA_VERSIONS])
        .default('mjoa-18'),
    )
    .option('--json', 'print one JSON object')
    .action(({ study, out, outcome, predictors, mjoa, json }: StartOptions) => {
      dispatch(() => {
        const request = startFederatedFit({
          study,
          outcome,
          mjoaVersion: mjoa,
          predictors: sharedPredictors(predictors.split(',').map((name) => name.trim())),
        });
        return written(out, request, [
          `round 1 of ${study} written to ${out}: send it to every site`,
          ...words(request),
        ]);
      }, json ?? false);
    });
}

async function answered(path: string, { cohort, site, out }: AnswerOptions): Promise<CommandResult> {
  const text = await readTextFile(path);
  const asksForCounts = isOfKind(text, 'myelon-federated-evaluation-request');
  const request = asksForCounts
    ? readExchangeFile(evaluationRequestSchema, text, path)
    : readExchangeFile(fitRequestSchema, text, path);
  const file = await readCohortFile(cohort, { mjoaVersion: request.mjoaVersion ?? undefined });
  if (file.kind !== 'cohort')
    throw new InputRefused('scans and rescans, no outcomes', cohort, 'give a cohort, one patient per row');
  const data = siteData(request, file.cohort, cohort);
  const answer =
    request.schema === 'myelon-federated-evaluation-request'
      ? answerEvaluation(request, site, data)
      : answerFitRequest(request, site, data);
  return written(
    out,
    answer,
    [
      `answer of ${site} written to ${out}: ${asksForCounts ? 'counts' : 'sums'} over ${String(data.outcome.length)} patients`,
      DISCLOSURE_RULE,
      'Read the file: nothing else leaves.',
    ],
    file.cohort.remarks,
  );
}

async function combined(path: string, answers: readonly string[], out: string): Promise<CommandResult> {
  const text = await readTextFile(path);
  const texts = await Promise.all(answers.map(async (name) => ({ name, text: await readTextFile(name) })));
  if (isOfKind(text, 'myelon-federated-evaluation-request')) {
    const request = readExchangeFile(evaluationRequestSchema, text, path);
    const found = combineEvaluations(
      request,
      texts.map((one) => readExchangeFile(evaluationAnswerSchema, one.text, one.name)),
    );
    return written(out, { schema: 'myelon-federated-evaluation', study: request.study, ...found }, [
      `${String(found.patients)} patients, ${String(found.good)} with good recovery`,
      `AUC over all pairs between ${found.auc.low.toFixed(3)} and ${found.auc.high.toFixed(3)}; within sites ${found.aucWithinSites.toFixed(3)} (exact)`,
      `Brier ${found.brier.toFixed(4)}, observed to expected ${found.observedToExpected.toFixed(3)}`,
      `written to ${out}`,
    ]);
  }
  const request = readExchangeFile(fitRequestSchema, text, path);
  const next = federatedStep(
    request,
    texts.map((one) => readExchangeFile(fitAnswerSchema, one.text, one.name)),
  );
  const heading =
    next.schema === 'myelon-federated-fit-result'
      ? `converged after ${String(next.rounds)} rounds; result written to ${out}`
      : `round ${String(next.round)} written to ${out}: send it to every site`;
  return written(out, next, [heading, ...words(next)]);
}

function words({ predictors, coefficients, outcome }: FederatedFitRequest | FederatedFitResult): string[] {
  const terms = ['intercept', ...predictors.map(({ name, unit }) => `${name} (per 1 ${unit})`)];
  return [
    `outcome: ${outcome}`,
    ...terms.map((term, i) => `${term}: ${(coefficients[i] ?? NaN).toPrecision(8)}`),
  ];
}

/** A look at the kind before the file is read with all its checks. */
function isOfKind(text: string, schema: string): boolean {
  try {
    return (JSON.parse(text) as { schema?: unknown } | null)?.schema === schema;
  } catch {
    return false;
  }
}

async function written(
  out: string,
  content: object,
  summary: readonly string[],
  warnings: readonly string[] = [],
): Promise<CommandResult> {
  await writeOutputFile(out, `${JSON.stringify(content, null, 2)}\n`);
  const details = { written: out, ...content };
  return { exitCode: ExitCode.done, summary, details, notDone: [], leftOut: [], warnings };
}
