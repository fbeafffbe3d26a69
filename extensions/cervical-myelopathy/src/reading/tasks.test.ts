import { createStore } from 'zustand/vanilla';
import { InputRefused } from '@myelon/diffusion';
import { emptyReading, type ReadingState } from './reading-state';
import { Tasks } from './tasks';

function setUp() {
  const store = createStore<ReadingState>(() => emptyReading('1.2.3'));
  return { store, tasks: new Tasks(store) };
}

/** Settles only when the task is cancelled. */
function untilCancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new DOMException('cancelled', 'AbortError'));
    });
  });
}

describe('tasks of a section', () => {
  it('shows progress while working and what the work returns after it', async () => {
    const { store, tasks } = setUp();
    const seen: unknown[] = [];
    await tasks.run('maps', 'Fitting', (_, report) => {
      report({ fraction: 0.5 });
      seen.push(store.getState().maps.state);
      return Promise.resolve({ kind: 'done' });
    });
    expect(seen).toMatchObject([{ kind: 'working', progress: { label: 'Fitting', fraction: 0.5 } }]);
    expect(store.getState().maps.state).toEqual({ kind: 'done' });
  });

  it('shows what went wrong and what to do when the input is refused', async () => {
    const { store, tasks } = setUp();
    const refused = new InputRefused('no b0 volume', 'DTI', 'choose the series with b0');
    expect(await tasks.run('maps', 'Fitting', () => Promise.reject(refused))).toBe(false);
    expect(store.getState().maps.state).toEqual({
      kind: 'failed',
      problem: { what: 'DTI: no b0 volume', whatToDo: 'choose the series with b0' },
    });
  });

  it('goes back to what was there when the reader cancels', async () => {
    const { store, tasks } = setUp();
    await tasks.run('maps', 'Fitting', () => Promise.resolve({ kind: 'done' }));
    const again = tasks.run('maps', 'Fitting', untilCancelled);
    expect(store.getState().maps.state.kind).toBe('working');
    tasks.cancel('maps');
    expect(await again).toBe(false);
    expect(store.getState().maps.state).toEqual({ kind: 'done' });
  });

  it('lets a newer task replace an older one without the old one speaking last', async () => {
    const { store, tasks } = setUp();
    const old = tasks.run('maps', 'Old', untilCancelled);
    const fresh = tasks.run('maps', 'New', () => Promise.resolve({ kind: 'needs-look', what: 'new' }));
    expect(await old).toBe(false);
    expect(await fresh).toBe(true);
    expect(store.getState().maps.state).toEqual({ kind: 'needs-look', what: 'new' });
  });
});
