import { InputRefused } from '@myelon/diffusion';
import type { CommandResult } from './command-result';
import { ExitCode, BadUsage } from './exit-code';
import type { Terminal } from './terminal';

/** Prints a finished command and gives its exit code. */
export function reportResult(result: CommandResult, json: boolean, terminal: Terminal): ExitCode {
  for (const warning of result.warnings) terminal.note(`warning: ${warning}`);
  for (const { what, why } of result.leftOut) terminal.note(`left out: ${what}: ${why}`);
  for (const { what, why } of result.notDone) terminal.note(`not done: ${what}: ${why}`);
  if (json) {
    const status = result.exitCode === ExitCode.done ? 'done' : 'partly done';
    const { details, notDone, leftOut, warnings } = result;
    terminal.out(JSON.stringify({ status, ...details, notDone, leftOut, warnings }));
  } else for (const line of result.summary) terminal.out(line);
  return result.exitCode;
}

/** Prints what ended a command in one line and gives its exit code. */
export function reportFailure(error: unknown, json: boolean, terminal: Terminal): ExitCode {
  const { code, status, details } = classify(error);
  const message = error instanceof Error ? error.message : String(error);
  terminal.note(`myelon: ${message.replaceAll(/\s*\n\s*/g, ' ')}`);
  if (json) terminal.out(JSON.stringify({ status, message, ...details }));
  if (code === ExitCode.failed && process.env['MYELON_DEBUG'] && error instanceof Error)
    terminal.note(error.stack ?? '');
  return code;
}

function classify(error: unknown): { code: ExitCode; status: string; details: Record<string, unknown> } {
  if (error instanceof InputRefused) {
    const { what, where, whatToDo } = error;
    return { code: ExitCode.inputRefused, status: 'refused', details: { what, where, whatToDo } };
  }
  if (error instanceof BadUsage) return { code: ExitCode.badUsage, status: 'bad usage', details: {} };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: ExitCode.interrupted, status: 'interrupted', details: {} };
  return { code: ExitCode.failed, status: 'failed', details: {} };
}
