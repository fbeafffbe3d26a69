import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import type { ReadingActions } from '../../reading/reading-actions';
import type { ReadingState } from '../../reading/reading-state';
import { ReadingPanel } from '../reading-panel';
import { EXAMPLE_STATES } from './example-states';

/** A page that shows the panel in the example state named by the address (`#fitted`), without a viewer. */
const name = decodeURIComponent(location.hash.slice(1)) || 'data read';
const state = EXAMPLE_STATES[name];
const element = document.createElement('main');
element.style.cssText = 'position:fixed;inset:0 0 0 auto;width:420px';
document.body.append(element);

if (state)
  createRoot(element).render(
    <ReadingPanel reading={{ store: createStore<ReadingState>(() => state), actions: idle() }} />,
  );
else element.textContent = `No example "${name}". There are: ${Object.keys(EXAMPLE_STATES).join(', ')}`;

/** Nothing to do here: the gallery shows states, the viewer works. */
function idle(): ReadingActions {
  return new Proxy({} as ReadingActions, { get: () => () => Promise.resolve() });
}
