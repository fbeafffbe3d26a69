/** Exit codes of `myelon`: a contract, scripts of others depend on it. */
export const ExitCode = {
  done: 0,
  /** A defect of Myelon, or of the machine: not the input's fault. */
  failed: 1,
  badUsage: 2,
  inputRefused: 3,
  partlyDone: 4,
  /** Interrupted by ctrl-c, as shells expect. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line itself is wrong (exit code 2). */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}
