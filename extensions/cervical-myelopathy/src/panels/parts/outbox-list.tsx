import { useState } from 'react';
import type { OutboxItem } from '@myelon/pipeline';
import { clock } from '../../reading/summaries';
import { WORDS } from '../../words/en';

/** What a reader can do with what the outbox keeps. */
export interface OutboxActions {
  retry(group: string): void;
  discard(group: string): void;
  download(item: OutboxItem): void;
  signIn(): void;
}

interface ListProps {
  readonly items: readonly OutboxItem[];
  readonly actions: OutboxActions;
  /** Says of which study each save is. */
  readonly ofManyStudies?: boolean;
}

/** Saves with their objects: queued, sent or refused and why; what can be done is said beside it. */
export function OutboxList({ items, actions, ofManyStudies = false }: ListProps): React.JSX.Element {
  const groups = [...new Set(items.map(({ group }) => group))].reverse();
  return (
    <div className="myelon-outbox" aria-live="polite">
      {groups.map((group) => (
        <Save
          key={group}
          group={group}
          items={items.filter((item) => item.group === group)}
          actions={actions}
          ofManyStudies={ofManyStudies}
        />
      ))}
    </div>
  );
}

interface SaveProps {
  readonly group: string;
  readonly items: readonly OutboxItem[];
  readonly actions: OutboxActions;
  readonly ofManyStudies: boolean;
}

function Save({ group, items, actions, ofManyStudies }: SaveProps): React.JSX.Element | null {
  const [first] = items;
  if (!first) return null;
  const allSent = items.every(({ state }) => state.kind === 'sent');
  const wantsSignIn = items.some(({ state }) => state.kind === 'queued' && state.signIn === true);
  return (
    <div className="myelon-save" data-save={allSent ? 'sent' : 'open'}>
      <strong>{WORDS.outbox.saveOf(clock(first.queuedAt))}</strong>{' '}
      <span className="myelon-quiet">{first.target.name}</span>
      {ofManyStudies && (
        <div className="myelon-quiet">
          {WORDS.outbox.study} {first.studyInstanceUID}
        </div>
      )}
      <ul className="myelon-list">
        {items.map((item) => (
          <Kept key={item.sopInstanceUID} item={item} actions={actions} canDownload={!allSent} />
        ))}
      </ul>
      <div className="myelon-row">
        {wantsSignIn && (
          <button type="button" onClick={actions.signIn}>
            {WORDS.outbox.signIn}
          </button>
        )}
        {!allSent && (
          <button
            type="button"
            onClick={() => {
              actions.retry(group);
            }}
          >
            {WORDS.outbox.retry}
          </button>
        )}
        <Discard
          sent={allSent}
          onDiscard={() => {
            actions.discard(group);
          }}
        />
      </div>
    </div>
  );
}

interface KeptProps {
  readonly item: OutboxItem;
  readonly actions: OutboxActions;
  readonly canDownload: boolean;
}

function Kept({ item, actions, canDownload }: KeptProps): React.JSX.Element {
  const { description, state } = item;
  return (
    <li data-outcome={state.kind}>
      <div className="myelon-row">
        <span>{description}</span>
        <span className="myelon-badge">{badgeOf(item)}</span>
        {canDownload && (
          <button
            type="button"
            className="myelon-small"
            aria-label={`${WORDS.outbox.download}: ${description}`}
            onClick={() => {
              actions.download(item);
            }}
          >
            {WORDS.outbox.download}
          </button>
        )}
      </div>
      {state.kind === 'sent' && <div className="myelon-quiet">{WORDS.outbox.confirmed(clock(state.at))}</div>}
      {state.kind === 'queued' && state.problem !== null && (
        <div className="myelon-look">
          {state.problem}
          {state.notBefore !== null && `; ${WORDS.outbox.nextTry(timeOf(state.notBefore))}`}
          {`; ${WORDS.outbox.tries(item.attempts)}`}
        </div>
      )}
      {state.kind === 'refused' && (
        <div className="myelon-problem">
          {state.why}
          <p>{state.whatToDo}</p>
        </div>
      )}
    </li>
  );
}

function badgeOf({ state }: OutboxItem): string {
  if (state.kind !== 'queued') return WORDS.outbox[state.kind];
  return state.problem === null ? WORDS.outbox.queued : WORDS.outbox.waiting;
}

/** Seconds matter to someone who waits for the next try. */
function timeOf(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : moment.toLocaleTimeString('en-GB');
}

/** What an archive does not have is discarded only on a second word. */
function Discard({ sent, onDiscard }: { sent: boolean; onDiscard: () => void }): React.JSX.Element {
  const [asking, setAsking] = useState(false);
  if (sent)
    return (
      <button type="button" onClick={onDiscard}>
        {WORDS.outbox.forget}
      </button>
    );
  if (!asking)
    return (
      <button
        type="button"
        onClick={() => {
          setAsking(true);
        }}
      >
        {WORDS.outbox.discard}
      </button>
    );
  return (
    <div role="alertdialog" aria-label={WORDS.outbox.discard} className="myelon-problem">
      {WORDS.outbox.discardWhy}
      <div className="myelon-row">
        <button type="button" onClick={onDiscard}>
          {WORDS.outbox.discardSure}
        </button>
        <button
          type="button"
          onClick={() => {
            setAsking(false);
          }}
        >
          {WORDS.outbox.keep}
        </button>
      </div>
    </div>
  );
}
