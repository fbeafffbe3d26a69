/** @jest-environment jsdom */
import type { PreparationChoices } from '@myelon/pipeline';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ReadingActions } from '../../reading/reading-actions';
import type { ReadingState } from '../../reading/reading-state';
import { EXAMPLE_STATES } from '../gallery/example-states';
import { ReadingPanel } from '../reading-panel';

// Draws on a canvas, which is not here; the metrics section stays closed.
jest.mock('uplot', () => ({ __esModule: true, default: jest.fn() }));

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let store: StoreApi<ReadingState>;

function show(preparation: PreparationChoices, fittedPreparation: PreparationChoices | null): void {
  const state = EXAMPLE_STATES['fitted']!;
  store = createStore<ReadingState>(() => ({
    ...state,
    maps: { ...state.maps, preparation, fittedPreparation },
    open: { data: false, cord: false, maps: true, metrics: false, prognosis: false, report: false },
  }));
  const actions: Partial<ReadingActions> = {
    setPreparation: (chosen) => {
      store.setState(({ maps }) => ({ maps: { ...maps, preparation: chosen } }));
    },
  };
  root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() => {
    root.render(<ReadingPanel reading={{ store, actions: actions as ReadingActions }} />);
  });
}

afterEach(() => {
  act(() => {
    root.unmount();
  });
  document.body.innerHTML = '';
});

function choose(step: string, value: string): void {
  const field = document.querySelector<HTMLSelectElement>(`select[data-step="${step}"]`)!;
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(field, value);
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

const preparation = (): string => document.querySelector('[data-preparation]')?.textContent ?? '';

it('every step of the preparation can be chosen by its label, and what is chosen stands in one line', () => {
  show({}, {});
  expect(document.querySelector('[data-preparation] summary')?.textContent).toMatch(/: none$/);
  for (const select of document.querySelectorAll<HTMLSelectElement>('[data-preparation] select'))
    expect(select.labels?.[0]?.textContent).toMatch(/\w/);
  choose('motion', 'auto');
  choose('denoise', 'on');
  expect(document.querySelector('[data-preparation] summary')?.textContent).toMatch(
    /denoising on, motion correction by rule/,
  );
});

it('maps made with other settings are called so at once, and no longer when the settings are back', () => {
  show({}, {});
  expect(preparation()).not.toMatch(/fit again/i);
  choose('rician', 'on');
  expect(preparation()).toMatch(/made with other settings: fit again/i);
  choose('rician', 'off');
  expect(preparation()).not.toMatch(/made with other settings/i);
});

it('says SNR, shifts, lost slices and residuals with unit and method', () => {
  show({}, {});
  const quality = document.querySelector('[data-quality]')?.textContent ?? '';
  expect(quality).toMatch(/SNR 17 \(median over slices of the cord, lowest 16; scatter over 5 volumes/);
  expect(quality).toMatch(/largest 1\.1 mm/);
  expect(quality).toMatch(/volume 12, slice 2: 42 % of the expected signal/);
  expect(quality).toMatch(/motion correction: done, asked for/);
  expect(quality).toMatch(/fit residual 39\.9 signal units .*median fit residual/);
});
