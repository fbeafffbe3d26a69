import type { Shortfall } from '../command-result';
import { ExitCode } from '../exit-code';
import type { LoadedInputs } from '../inputs/loaded-inputs';

/** Done only when everything asked for is there and rests on everything that was given. */
export function exitCodeFor(
  notDone: readonly Shortfall[],
  loaded: Pick<LoadedInputs, 'incomplete'>,
): ExitCode {
  return notDone.length > 0 || loaded.incomplete ? ExitCode.partlyDone : ExitCode.done;
}
