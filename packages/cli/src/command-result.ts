import type { ExitCode } from './exit-code';
import type { Terminal } from './terminal';

/** Something asked for that could not be done, or a piece of the input that could not be used. */
export interface Shortfall {
  readonly what: string;
  readonly why: string;
}

/** What a command did. With `--json` it is printed as one object. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** Lines for people. */
  readonly summary: readonly string[];
  /** The same for programs; `status` is added. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Results that were asked for and are not there. */
  readonly notDone: readonly Shortfall[];
  /** Input that was left out. */
  readonly leftOut: readonly Shortfall[];
  readonly warnings: readonly string[];
}

/** What every command gets besides its own options. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}
