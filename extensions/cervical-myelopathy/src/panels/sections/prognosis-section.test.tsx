/** @jest-environment jsdom */
import { checkedClinicalForm, checkSiteSuccessRate } from '@myelon/prognosis';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ReadingActions } from '../../reading/reading-actions';
import type { ReadingState } from '../../reading/reading-state';
import { EXAMPLE_STATES } from '../gallery/example-states';
import { ReadingPanel } from '../reading-panel';

// Draws on a canvas and asks the screen for its pixels, neither of which is here; the metrics section stays closed.
jest.mock('uplot', () => ({ __esModule: true, default: jest.fn() }));

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let store: StoreApi<ReadingState>;

function show(name: string, change: Partial<ReadingState> = {}): void {
  const state = { ...EXAMPLE_STATES[name]!, ...change };
  store = createStore<ReadingState>(() => ({
    ...state,
    open: { data: false, cord: false, maps: false, metrics: false, prognosis: true, report: false },
  }));
  const actions: Partial<ReadingActions> = {
    enterClinical: (form) => Promise.resolve(store.setState({ clinical: checkedClinicalForm(form) })),
    enterSuccessRate: async (rate) => {
      await Promise.resolve();
      if (rate) checkSiteSuccessRate(rate);
      store.setState({ siteSuccessRate: rate });
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

const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
const all = (selector: string) => [...document.querySelectorAll(selector)];

/** As a reader does: the value changes and the browser says so. */
function enter(field: Element, value: string): void {
  const prototype =
    field instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
  act(() => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
    field.dispatchEvent(
      new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
  });
}

describe('the statement', () => {
  it('shows measured values, then the rule, then the closed score, the evidence, the fixed statements', () => {
    show('statement');
    const order = all(
      '[data-prognosis="statement"] .myelon-marker, .myelon-sentence, [data-score], [data-evidence], .myelon-statements',
    )
      .filter((element) => !element.closest('[data-score] *'))
      .map((element) => element.getAttribute('class'));
    expect(order).toEqual([
      'myelon-marker',
      'myelon-marker',
      'myelon-sentence',
      'myelon-details',
      'myelon-details',
      'myelon-statements',
    ]);
    expect(document.querySelector<HTMLDetailsElement>('[data-score]')?.open).toBe(false);
    expect(text('[data-evidence]')).toMatch(/against.*inversely related/s);
    expect(text('.myelon-statements')).toMatch(/surgery will not help.*weaker or opposite/s);
  });

  it('stays hidden, score and all, until outline, level and quality are confirmed', () => {
    show('statement', { confirmations: { outline: true, level: true, quality: false } });
    expect(document.querySelector('[data-prognosis]')).toBeNull();
    expect(document.querySelector('[data-score]')).toBeNull();
  });

  it('keeps the two bands apart and says what the score hangs on', () => {
    show('statement');
    const score = text('[data-score="score"]');
    expect(score).toMatch(/by the uncertainty of the formula/);
    expect(score).toMatch(/by a second scan/);
    expect(text('[data-what-if="without-f"]')).toMatch(/without f/);
    expect(text('[data-what-if="eroded"]')).toMatch(/eroded/);
  });

  it('refuses a success rate that is none, with the reason, and takes one that is', async () => {
    show('statement');
    const submit = () =>
      act(async () => {
        document
          .querySelector('form')
          ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
        await Promise.resolve();
      });
    enter(document.querySelector('[data-rate="operated"]')!, '10');
    enter(document.querySelector('[data-rate="recovered"]')!, '7');
    await submit();
    expect(text('form [role="alert"]')).toMatch(/10 operated patients are too few/);
    expect(store.getState().siteSuccessRate).toBeNull();
    enter(document.querySelector('[data-rate="operated"]')!, '80');
    await submit();
    expect(store.getState().siteSuccessRate).toEqual({ operated: 80, recovered: 7 });
    expect(document.querySelector('form [role="alert"]')).toBeNull();
  });
});

describe('the mJOA form', () => {
  it('counts once every item is scored, with severity', () => {
    show('statement');
    const items = all('[data-mjoa="pre"] [data-mjoa-item]');
    expect(items).toHaveLength(4);
    items.slice(1).forEach((item) => {
      enter(item, '2');
    });
    expect(store.getState().clinical.pre).toBeNull();
    enter(items[0]!, '5');
    expect(store.getState().clinical.pre?.score).toMatchObject({
      version: 'mjoa-18',
      total: 11,
      maximum: 18,
    });
    expect(text('[data-severity="severe"]')).toMatch(/11 of 18, severe/);
  });

  it('gives the recovery rate of two totals, and none when nothing was lost', () => {
    show('statement');
    enter(document.querySelector('[data-mjoa-total="pre"]')!, '10');
    enter(document.querySelector('[data-mjoa-total="post"]')!, '14');
    expect(text('[data-recovery="rate"]')).toMatch(/50 %, good \(\+4 points\)/);
    enter(document.querySelector('[data-mjoa-total="pre"]')!, '18');
    expect(text('[data-recovery="undefined"]')).toMatch(/no points were lost.*-4 points/);
    enter(document.querySelector('[data-mjoa-total="pre"]')!, '19');
    expect(store.getState().clinical.pre).toBeNull();
    expect(text('[data-mjoa="pre"] [role="alert"]')).toMatch(/19 cannot be/);
  });

  it('forgets both scores when the version changes: their points do not compare', () => {
    show('statement with score');
    expect(store.getState().clinical.pre?.score.total).toBe(11);
    enter(document.querySelector('[data-mjoa-version]')!, 'mjoa-17');
    expect(store.getState().clinical).toMatchObject({ pre: null, post: null, predictors: { age: 61 } });
    expect(all('[data-mjoa="pre"] [data-mjoa-item] option[value="5"]')).toHaveLength(1); // walking only
  });

  it('has a label for every field, and only fields the keyboard reaches', () => {
    show('statement with score');
    const fields = all('[data-clinical] input, [data-clinical] select, [data-clinical] button');
    expect(fields.length).toBeGreaterThan(20);
    for (const field of fields) {
      const label =
        field instanceof HTMLButtonElement
          ? field.textContent
          : (field as HTMLInputElement).labels?.[0]?.textContent;
      expect(label).toMatch(/\w/);
      expect((field as HTMLElement).tabIndex).toBe(0);
    }
  });

  it('notes predictors without computing anything from them', () => {
    show('statement');
    enter(document.querySelector('[data-predictor="smoking"]')!, '1');
    enter(document.querySelector('[data-predictor="age"]')!, '61');
    expect(store.getState().clinical.predictors).toEqual({ smoking: 1, age: 61 });
    expect(text('[data-clinical]')).toMatch(/never combined/);
  });
});
