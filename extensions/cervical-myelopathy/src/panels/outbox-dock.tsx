import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { OutboxItem } from '@myelon/pipeline';
import type { HostFiles, HostOutbox } from '../host/viewer-host';
import { fileName } from '../reading/steps/save-report';
import { WORDS } from '../words/en';
import { OutboxList } from './parts/outbox-list';
import './reading-panel.css';

/** What the dock needs of the viewer. */
export interface DockHost {
  readonly outbox: HostOutbox;
  readonly files: HostFiles;
}

/**
 * Puts the outbox of this browser into a corner of every page of the viewer: a badge while something is not sent, and
 * the whole queue behind it.
 */
export function mountOutboxDock(host: DockHost): void {
  const element = document.createElement('div');
  element.dataset['cy'] = 'myelon-outbox-dock';
  document.body.append(element);
  createRoot(element).render(<OutboxDock host={host} />);
}

export function OutboxDock({ host }: { host: DockHost }): React.JSX.Element | null {
  const { outbox } = host;
  const { items, sealed } = useKept(outbox);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const closeOnEscape = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') setOpen(false);
    };
    window.addEventListener('keydown', closeOnEscape);
    return () => {
      window.removeEventListener('keydown', closeOnEscape);
    };
  }, [open]);
  const count = items.filter(({ state }) => state.kind !== 'sent').length;
  if (count === 0 && !open) return null;
  return (
    <div className="myelon myelon-dock">
      {open && (
        <div role="dialog" aria-label={WORDS.outbox.title} className="myelon-dock-queue">
          <h2>{WORDS.outbox.title}</h2>
          <p className="myelon-quiet">{WORDS.outbox.all}</p>
          {!sealed && <p className="myelon-look">{WORDS.outbox.notSealed}</p>}
          {items.length === 0 && <p>{WORDS.outbox.empty}</p>}
          <OutboxList items={items} actions={actionsOf(host)} ofManyStudies />
          {count > 0 && (
            <button type="button" onClick={() => void outbox.retry()}>
              {WORDS.outbox.retryAll}
            </button>
          )}
        </div>
      )}
      <button
        type="button"
        className="myelon-dock-badge"
        aria-expanded={open}
        data-unsent={count}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {open ? WORDS.outbox.close : WORDS.outbox.open(count)}
      </button>
    </div>
  );
}

function actionsOf({ outbox, files }: DockHost): Parameters<typeof OutboxList>[0]['actions'] {
  return {
    retry: (group) => void outbox.retry(group),
    discard: (group) => void outbox.discard(group),
    download: ({ sopInstanceUID, description }) =>
      void outbox.file(sopInstanceUID).then((bytes) => {
        if (bytes) files.save(fileName(description), bytes);
      }),
    signIn: () => {
      outbox.signIn();
    },
  };
}

function useKept(outbox: HostOutbox): { items: readonly OutboxItem[]; sealed: boolean } {
  const [kept, setKept] = useState<{ items: readonly OutboxItem[]; sealed: boolean }>({
    items: [],
    sealed: true,
  });
  useEffect(() => {
    let gone = false;
    const read = async () => {
      const items = await outbox.items();
      const sealed = items.length === 0 || (await outbox.isSealed());
      if (!gone) setKept({ items, sealed });
    };
    const readOrLeave = () => {
      read().catch((error: unknown) => {
        console.error('Myelon: the outbox could not be read', error);
      });
    };
    readOrLeave();
    const stopListening = outbox.onChange(readOrLeave);
    return () => {
      gone = true;
      stopListening();
    };
  }, [outbox]);
  return kept;
}
