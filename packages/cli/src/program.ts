import { MYELON_VERSION } from '@myelon/pipeline';
import { Command, CommanderError } from 'commander';
import type { CommandContext, CommandResult } from './command-result';
import { addAnalyze } from './commands/analyze';
import { addBatch } from './commands/batch';
import { addCohort } from './commands/cohort';
import { addFederated } from './commands/federated';
import { addFit } from './commands/fit';
import { addGradients } from './commands/gradients';
import { addModel } from './commands/model';
import { addSegment } from './commands/segment';
import { addSend } from './commands/send';
import { addVerify } from './commands/verify';
import { ExitCode } from './exit-code';
import { reportFailure, reportResult } from './report-outcome';
import type { Terminal } from './terminal';

/** A command's work, without parsing and printing. */
export type Work = (context: CommandContext) => Promise<CommandResult>;

/** Hands the work of the command that was asked for to {@link runMyelon}. */
export type Dispatch = (work: Work, json: boolean) => void;

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad usage, 3 input refused (one line: what, where, what to do), 4 partly done.
Research use only. Not a medical device. Not for decisions about an individual patient.`;

/**
 * Runs one command line.
 * @param argv arguments after the program's name
 * @returns the exit code
 */
export async function runMyelon(
  argv: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  let chosen: { work: Work; json: boolean } | null = null;
  const program = buildProgram(terminal, (work, json) => {
    chosen = { work, json };
  });
  const json = argv.includes('--json');
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    // commander has printed help, version or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.badUsage;
    return reportFailure(error, json, terminal);
  }
  return chosen ? runWork(chosen, terminal, signal) : ExitCode.badUsage;
}

async function runWork(
  { work, json }: { work: Work; json: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  try {
    return reportResult(await work({ terminal, signal }), json, terminal);
  } catch (error) {
    return reportFailure(error, json, terminal);
  }
}

function buildProgram(terminal: Terminal, dispatch: Dispatch): Command {
  const program = new Command('myelon')
    .description(
      'Diffusion MRI of the cervical spinal cord: tensor and IVIM maps, cord outline, metrics, reports.',
    )
    .version(MYELON_VERSION, '--version')
    .showHelpAfterError('(myelon --help shows how)')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text.replace(/\n$/, ''));
      },
      writeErr: (text) => {
        terminal.note(text.replace(/\n$/, ''));
      },
    });
  for (const add of [
    addGradients,
    addFit,
    addSegment,
    addAnalyze,
    addBatch,
    addCohort,
    addModel,
    addFederated,
    addSend,
    addVerify,
  ])
    add(program, dispatch);
  return program;
}
