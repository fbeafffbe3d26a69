import { InputRefused } from '@myelon/diffusion';
import {
  addSums,
  cholesky,
  CONVERGED_DECREMENT,
  isBetter,
  logisticSums,
  newtonPoint,
  ROUNDING_DECREMENT,
  type LogisticData,
  type LogisticPenalty,
} from '../logistic';
import type { MjoaVersion } from '../mjoa';
import { checkSiteData, DISCLOSURE_RULE } from './disclosure';
import type { FitAnswer, FitRequest, FitResult } from './exchange-files';

const MAX_ROUNDS = 200;
const SHORTEST_STEP = 2 ** -30;

/** What is to be fitted over the sites. */
export interface FederatedModel {
  readonly study: string;
  /** What outcome 1 means ("recovery rate of at least 50 % at 12 months"). */
  readonly outcome: string;
  /** All sites must have scored with it. */
  readonly mjoaVersion?: MjoaVersion | null;
  readonly predictors: readonly { readonly name: string; readonly unit: string }[];
  /** Firth by default: one site's patients may well be separated. */
  readonly penalty?: LogisticPenalty;
}

/** The request of the first round. */
export function startFederatedFit({
  study,
  outcome,
  mjoaVersion = null,
  predictors,
  penalty = 'firth',
}: FederatedModel): FitRequest {
  return {
    schema: 'myelon-federated-fit-request',
    schemaVersion: '1.0',
    study,
    round: 1,
    penalty,
    outcome,
    mjoaVersion,
    predictors: predictors.map((one) => ({ ...one })),
    coefficients: [0, ...predictors.map(() => 0)],
    search: null,
    sites: [],
  };
}

/**
 * A site's answer: sums over its patients at the coefficients asked for. No offset is taken.
 *
 * @param data columns in the order and units of the request's predictors
 * @throws InputRefused when the columns do not fit, or the sums would disclose a cell under 5
 */
export function answerFitRequest(request: FitRequest, site: string, data: LogisticData): FitAnswer {
  const { predictors, coefficients, study, round, penalty } = request;
  checkSiteData(predictors, data, site);
  const { n, events, logLikelihood, score, information, informationSlope } = logisticSums(
    data,
    coefficients,
    penalty === 'firth',
  );
  return {
    schema: 'myelon-federated-fit-answer',
    schemaVersion: '1.0',
    study,
    round,
    site,
    predictors,
    coefficients,
    disclosureRule: DISCLOSURE_RULE,
    sums: {
      n,
      events,
      logLikelihood,
      score: [...score],
      information: copied(information),
      informationSlope: informationSlope.map(copied),
    },
  };
}

function copied(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => [...row]);
}

/**
 * The coordinator's part of a round: the next request, or the result when the fit has converged. The steps are those of
 * the pooled fit: sums of the sites add up to the sums of all patients.
 *
 * @throws InputRefused when answers are missing, doubled, of another round or study, or the fit cannot go on
 */
export function federatedStep(request: FitRequest, answers: readonly FitAnswer[]): FitRequest | FitResult {
  checkAnswers(request, answers);
  const sums = addSums(answers.map((answer) => answer.sums));
  const sites = answers.map(({ site, sums: { n, events } }) => ({ site, patients: n, events }));
  const known = { ...request, sites };
  const point = newtonPoint(sums, request.penalty);
  const { search, coefficients } = request;
  if (point && (search === null || isBetter(point, search.accepted))) {
    const accepted = { coefficients, ...copy(point), information: copied(sums.information) };
    return point.decrement < CONVERGED_DECREMENT
      ? resultOf(known, accepted)
      : nextRequest(known, accepted, 1);
  }
  if (search === null) throw unfittable('a predictor is constant, or follows from the others, at all sites');
  if (search.accepted.decrement < ROUNDING_DECREMENT) return resultOf(known, search.accepted);
  return nextRequest(known, search.accepted, search.stepLength / 2);
}

type Accepted = NonNullable<FitRequest['search']>['accepted'];

function copy({
  objective,
  decrement,
  step,
}: {
  objective: number;
  decrement: number;
  step: readonly number[];
}) {
  return { objective, decrement, step: [...step] };
}

function nextRequest(request: FitRequest, accepted: Accepted, stepLength: number): FitRequest {
  const round = request.round + 1;
  if (stepLength < SHORTEST_STEP || round > MAX_ROUNDS) throw unfittable('the fit does not converge');
  const coefficients = accepted.coefficients.map((value, j) => value + stepLength * (accepted.step[j] ?? 0));
  return { ...request, round, coefficients, search: { accepted, stepLength } };
}

function resultOf(request: FitRequest, accepted: Accepted): FitResult {
  const { study, round, penalty, outcome, mjoaVersion, predictors, sites } = request;
  return {
    schema: 'myelon-federated-fit-result',
    schemaVersion: '1.0',
    study,
    rounds: round,
    penalty,
    outcome,
    mjoaVersion,
    predictors,
    coefficients: accepted.coefficients,
    covariance: cholesky(accepted.information)?.inverse() ?? [],
    objective: accepted.objective,
    sites,
  };
}

function checkAnswers(
  { study, round, coefficients, sites }: FitRequest,
  answers: readonly FitAnswer[],
): void {
  const refuse = (what: string): never => {
    throw new InputRefused(
      what,
      `round ${String(round)} of ${study}`,
      'collect one answer of this round from each site',
    );
  };
  if (answers.length === 0) refuse('no answers');
  const names = answers.map(({ site }) => site);
  if (new Set(names).size < names.length) refuse('a site answered twice');
  for (const answer of answers) {
    const same = answer.coefficients.every((value, j) => value === coefficients[j]);
    if (answer.study !== study || answer.round !== round || !same)
      refuse(
        `${answer.site} answers round ${String(answer.round)} of ${answer.study}, or other coefficients`,
      );
  }
  for (const { site, patients, events } of sites) {
    const answer = answers.find((one) => one.site === site);
    if (!answer) refuse(`${site} has not answered`);
    else if (answer.sums.n !== patients || answer.sums.events !== events)
      refuse(`${site} answers with other patients than before`);
  }
  const stranger =
    sites.length > 0 ? names.find((name) => !sites.some(({ site }) => site === name)) : undefined;
  if (stranger !== undefined) refuse(`${stranger} was not there in the first round`);
}

function unfittable(what: string): InputRefused {
  return new InputRefused(what, 'logistic regression over sites', 'leave the predictor out or add patients');
}
