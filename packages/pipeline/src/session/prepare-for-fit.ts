import type { CordMask } from '@myelon/cord';
import type { SessionInput } from './analysis-session';
import type { ProgressListener } from './fit-models';
import { preparedInput, preparesAnything } from './prepare-input';
import type { PreparationChoices } from './prepare-series';

/** Share of the progress of a fit that preparing takes, where it does anything. */
const SHARE = 0.8;

/**
 * Prepares the series of a fit. Nothing is kept here: the caller takes the result once the fit has come to its end, so a
 * cancelled one leaves everything as it was.
 * @param choices the series stay as they are when undefined
 * @returns the series by key, and the share of the progress it took
 * @throws as {@link preparedInput}
 */
export async function prepareForFit(
  inputs: readonly SessionInput[],
  choices: PreparationChoices | undefined,
  mask: CordMask | null,
  {
    onProgress,
    signal,
  }: { readonly onProgress?: ProgressListener | undefined; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly inputs: ReadonlyMap<string, SessionInput>; readonly share: number }> {
  const result = new Map<string, SessionInput>();
  if (choices === undefined) return { inputs: result, share: 0 };
  if (!preparesAnything(choices)) {
    for (const input of inputs) result.set(input.key, asItCame(input));
    return { inputs: result, share: 0 };
  }
  for (const [at, input] of inputs.entries()) {
    const report = (fraction: number): void => onProgress?.((SHARE * (at + fraction)) / inputs.length);
    result.set(input.key, await preparedInput(input, choices, mask, { onProgress: report, signal }));
  }
  return { inputs: result, share: SHARE };
}

function asItCame(input: SessionInput): SessionInput {
  const { key, origin, prepared } = input;
  return prepared ? { key, origin, volume: prepared.raw } : input;
}
