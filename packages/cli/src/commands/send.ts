import type { Command } from 'commander';
import { InputRefused } from '@myelon/diffusion';
import type { CommandContext, CommandResult } from '../command-result';
import { ExitCode } from '../exit-code';
import { isFolder } from '../inputs/files';
import { openOutbox, sendOutbox } from '../outbox/send-outbox';
import type { Dispatch } from '../program';

const SEND_NOTES = `
"myelon analyze --store" keeps what it sends in <out>/outbox until the server has confirmed it. This command sends
what is still there: after a crash, an expired sign-in, a server that was away.`;

export function addSend(program: Command, dispatch: Dispatch): void {
  program
    .command('send')
    .description('send what an earlier run could not store')
    .argument('<outbox>', 'folder of the outbox')
    .option('--json', 'print one JSON object')
    .addHelpText('after', SEND_NOTES)
    .action((folder: string, { json }: { json?: true }) => {
      dispatch((context) => send(folder, context), json ?? false);
    });
}

async function send(folder: string, { signal }: CommandContext): Promise<CommandResult> {
  if (!(await isFolder(folder)))
    throw new InputRefused(
      'no such folder',
      folder,
      'give the outbox folder of an earlier "myelon analyze --store"',
    );
  const outbox = openOutbox(folder);
  await outbox.retry();
  const { confirmed, notDone } = await sendOutbox(outbox, signal);
  return {
    exitCode: notDone.length > 0 ? ExitCode.partlyDone : ExitCode.done,
    summary:
      confirmed.length + notDone.length === 0
        ? ['nothing to send']
        : confirmed.map(({ description }) => `${description}: stored, and confirmed by reading it back`),
    details: { stored: confirmed },
    notDone,
    leftOut: [],
    warnings: [],
  };
}
