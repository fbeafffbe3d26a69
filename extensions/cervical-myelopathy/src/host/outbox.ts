import {
  browserOutbox,
  deliverByDicomWeb,
  keepSending,
  Outbox,
  type BrowserOutboxStorage,
  type OutboxItem,
  type OutgoingObject,
} from '@myelon/pipeline';
import { DicomWebClient } from '@myelon/dicom';
import type { Services } from './ohif';
import { forgetAfterSignOut } from './sign-out';
import type { HostOutbox, WriteTarget } from './viewer-host';

/** How long the panel says of a save that it was confirmed. The objects themselves leave the browser at once. */
const REMEMBER_SENT_MS = 24 * 3600_000;
const LOOK_FOR_SIGN_IN_MS = 2_000;
const AFTER_FAILURE_MS = 10_000;

let ofPage: HostOutbox | null = null;

/** The one outbox of the page: the reading and the data source put everything into it. Starts to send at the first call. */
export function pageOutbox(services: Pick<Services, 'userAuthenticationService'>): HostOutbox {
  ofPage ??= startOutbox(services, browserOutbox());
  return ofPage;
}

function startOutbox(
  { userAuthenticationService }: Pick<Services, 'userAuthenticationService'>,
  storage: BrowserOutboxStorage,
): HostOutbox {
  let usedHeader: string | undefined;
  const header = () => userAuthenticationService.getAuthorizationHeader()?.['Authorization'];
  const headers = () => {
    usedHeader = header();
    return usedHeader === undefined ? {} : { Authorization: usedHeader };
  };
  const deliver = deliverByDicomWeb(({ url }) => new DicomWebClient({ baseUrl: url, headers }));
  const outbox = new Outbox({ storage, deliver });
  const hurry = () => void outbox.hurry().catch(report);
  let waiting = 0;
  outbox.onChange(() => {
    void outbox.items().then((items) => (waiting = unsent(items).length), report);
  });
  const ready = forgetAfterSignOut(storage, () => waiting).then(async () => {
    await outbox.discardSent(new Date(Date.now() - REMEMBER_SENT_MS));
    waiting = unsent(await outbox.items()).length;
    await outbox.hurry();
  });
  void ready.catch(report).then(() => sendForever(outbox));
  globalThis.addEventListener('online', hurry);
  setInterval(() => {
    if (header() !== usedHeader) hurry();
    usedHeader = header();
  }, LOOK_FOR_SIGN_IN_MS);
  return {
    items: () => outbox.items(),
    add: (objects, to) => add(outbox, objects, to),
    untilTried: (group, signal, onProgress) => untilTried(outbox, group, signal, onProgress),
    retry: (group) => outbox.retry(group),
    discard: (group) => outbox.discard(group),
    file: (sopInstanceUID) => outbox.file(sopInstanceUID),
    onChange: (listener) => outbox.onChange(listener),
    isSealed: () => storage.isSealed(),
    freeBytes,
    signIn: () => {
      userAuthenticationService.handleUnauthenticated();
    },
  };
}

async function add(
  outbox: Outbox,
  objects: readonly OutgoingObject[],
  to: { readonly studyInstanceUID: string; readonly target: WriteTarget },
): Promise<string> {
  // Else a browser short of space may clear what it keeps; where it says no, the objects are kept as well.
  await storageManager()
    ?.persist()
    .catch(() => false);
  return outbox.add(objects, to);
}

/** A storage that cannot be opened now may be later: sending never ends for good. */
async function sendForever(outbox: Outbox): Promise<never> {
  for (;;) {
    try {
      await keepSending(outbox, new AbortController().signal);
    } catch (error) {
      report(error);
    }
    await new Promise((later) => setTimeout(later, AFTER_FAILURE_MS));
  }
}

/** Objects that the archive does not have yet. */
export function unsent(items: readonly OutboxItem[]): OutboxItem[] {
  return items.filter(({ state }) => state.kind !== 'sent');
}

function untilTried(
  outbox: Outbox,
  group: string,
  signal: AbortSignal,
  onProgress: (items: readonly OutboxItem[]) => void,
): Promise<OutboxItem[]> {
  return new Promise((resolve, reject) => {
    const end = () => {
      stopListening();
      signal.removeEventListener('abort', cancelled);
    };
    const cancelled = () => {
      end();
      reject(signal.reason as Error);
    };
    const look = async () => {
      try {
        const items = (await outbox.items()).filter((item) => item.group === group);
        onProgress(items);
        if (items.some(isUntried) && !items.some(hasFailed)) return;
        end();
        resolve(items);
      } catch (error) {
        end();
        reject(error as Error);
      }
    };
    const stopListening = outbox.onChange(() => void look());
    signal.addEventListener('abort', cancelled, { once: true });
    void look();
  });
}

function isUntried({ state }: OutboxItem): boolean {
  return state.kind === 'queued' && state.problem === null;
}

function hasFailed({ state }: OutboxItem): boolean {
  return state.kind === 'refused' || (state.kind === 'queued' && state.problem !== null);
}

async function freeBytes(): Promise<number | null> {
  const estimate = await storageManager()
    ?.estimate()
    .catch(() => null);
  return estimate?.quota === undefined ? null : estimate.quota - (estimate.usage ?? 0);
}

/** Missing in pages without a secure connection, whatever the type says. */
function storageManager(): StorageManager | undefined {
  return (navigator as Partial<Navigator>).storage;
}

function report(error: unknown): void {
  console.error('Myelon: the outbox could not be used', error);
}
