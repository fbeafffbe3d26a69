import { InputRefused, QUANTITIES } from '@myelon/diffusion';
import {
  chooseInputs,
  type AnalysisSession,
  type FitExtent,
  type FitOutcome,
  type FitRequest,
  type InputChoice,
} from '@myelon/pipeline';
import type { CommandContext, Shortfall } from './command-result';
import type { LoadedInputs } from './inputs/loaded-inputs';
import { fitOptions, preparationChoices, type ModelOptions } from './model-options';
import { withProgress } from './terminal';

/** Adds every series to the session. */
export function addAll(session: AnalysisSession, loaded: LoadedInputs): void {
  for (const { key, volume, origin } of loaded.series) session.addVolume(key, volume, origin);
}

/** What to fit, and which models that were asked for no series can serve. */
export interface ModelPlan {
  readonly request: FitRequest;
  readonly notDone: readonly Shortfall[];
  /** Names of the series that serve, by role. */
  readonly chosen: { readonly tensor: string | null; readonly ivim: string | null };
}

/**
 * @param where the input, for the refusal
 * @throws InputRefused when no series can serve any model that was asked for
 */
export function planModels(
  loaded: LoadedInputs,
  options: ModelOptions,
  extent: FitExtent,
  where: string,
): ModelPlan {
  const choice = chooseInputs(
    loaded.series.map(({ key, volume }) => ({ key, name: volume.name, gradients: volume.gradients })),
  );
  const asked = [
    ...(options.tensor === 'none' ? [] : [{ what: 'diffusion tensor', choice: choice.tensor }]),
    ...(options.ivim === 'none' ? [] : [{ what: 'IVIM', choice: choice.ivim }]),
  ];
  const unserved = asked.flatMap(({ what, choice: made }) =>
    made.key === null ? [{ what, why: made.why, whatToDo: made.whatToDo }] : [],
  );
  if (asked.length > 0 && unserved.length === asked.length) {
    throw new InputRefused(
      unserved.map(({ what, why }) => `no ${what} (${why})`).join(', '),
      where,
      [...new Set(unserved.map(({ whatToDo }) => whatToDo))].join('; '),
    );
  }
  const serving = (made: InputChoice, method: string) => (method === 'none' ? null : made);
  const tensor = serving(choice.tensor, options.tensor);
  const ivim = serving(choice.ivim, options.ivim);
  return {
    request: {
      tensorKey: tensor?.key ?? null,
      ivimKey: ivim?.key ?? null,
      options: { extent, ...fitOptions(options) },
    },
    notDone: unserved.map(({ what, why, whatToDo }) => ({ what, why: `${why}; ${whatToDo}` })),
    chosen: {
      tensor: tensor?.key == null ? null : tensor.name,
      ivim: ivim?.key == null ? null : ivim.name,
    },
  };
}

/** Quantities that were asked for and that these images cannot tell. */
export function refusedQuantities({ ivim }: Pick<FitOutcome, 'ivim'>): Shortfall[] {
  return (ivim?.refused ?? []).map(({ quantity, why }) => ({ what: QUANTITIES[quantity].symbol, why }));
}

/** Prepares every series that is fitted, where the command line asks for it. */
export async function prepareWithProgress(
  session: AnalysisSession,
  { tensorKey, ivimKey }: FitRequest,
  options: ModelOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const choices = preparationChoices(options);
  if (!choices) return;
  for (const key of new Set([tensorKey, ivimKey])) {
    if (key === null) continue;
    await withProgress(terminal, 'Preparing', (onProgress) =>
      session.prepare(key, choices, onProgress, signal),
    );
  }
}

/** Fits under a progress bar. */
export function fitWithProgress(
  session: AnalysisSession,
  request: FitRequest,
  { terminal, signal }: CommandContext,
): Promise<FitOutcome> {
  return withProgress(terminal, 'Fitting', (onProgress) => session.fit(request, onProgress, signal));
}

/** The series to outline: the one with the highest b-values in most directions, so the tensor's where there is one. */
export function outlineKey(loaded: LoadedInputs): string {
  const choice = chooseInputs(
    loaded.series.map(({ key, volume }) => ({ key, name: volume.name, gradients: volume.gradients })),
  );
  const key = choice.tensor.key ?? choice.ivim.key ?? loaded.series[0]?.key;
  if (key === undefined) throw new Error('an input without series');
  return key;
}
