import { createStore } from 'zustand/vanilla';
import type { QuantityId } from '@myelon/diffusion';
import { metricsCsv, type AnalysisClient } from '@myelon/pipeline';
import type { ViewerHost } from '../host/viewer-host';
import { attach } from './attach';
import { cordActions } from './cord-actions';
import { levelActions } from './level-actions';
import { nextStep, type NextAction } from './next-step';
import type { ReadingActions } from './reading-actions';
import { outlinedSeries, patch, type ReadingContext } from './reading-context';
import { emptyReading, SECTIONS, type ReadingState, type SectionId } from './reading-state';
import { sectionState } from './summaries';
import { fitMaps } from './steps/fit-maps';
import { rememberedSuccessRate } from './site-success-rate';
import { enterClinical, enterSuccessRate } from './steps/enter-clinical';
import { measure, toggleCompression } from './steps/measure';
import { readData } from './steps/read-data';
import { showMap } from './steps/show-maps';
import { reportActions } from './report-actions';
import { Tasks } from './tasks';

/** One study's reading: its state, what can be done, and its tie to the viewer. */
export interface BoundReading {
  readonly store: ReadingContext['store'];
  readonly actions: ReadingActions;
  /** Listens to the viewer and brings the screen in line with the state; returns how to let go again. */
  attach(): () => void;
  /** Ends the analysis worker; the reading cannot go on after that. */
  end(): void;
}

/** Makes the reading of the study that is open, on its own analysis worker. */
export function createReading(host: ViewerHost, engine: AnalysisClient): BoundReading {
  const store = createStore<ReadingState>(() => ({
    ...emptyReading(host.studies.currentStudyInstanceUID()),
    siteSuccessRate: rememberedSuccessRate(),
  }));
  const context: ReadingContext = {
    host,
    engine,
    store,
    tasks: new Tasks(store),
    openSeries: new Map(),
    headers: new Map(),
    tables: new Map(),
    maps: [],
    mask: null,
    course: [],
    sagittal: null,
    restored: false,
    refit: () => fitMaps(context),
  };
  const actions = readingActions(context);
  return {
    store,
    actions,
    attach: () => attach(context, actions),
    end: () => {
      context.tasks.cancelAll();
      engine.terminate();
    },
  };
}

function readingActions(context: ReadingContext): ReadingActions {
  const { store, tasks } = context;
  const actions: ReadingActions = {
    ...dataActions(context),
    ...cordActions(context),
    ...levelActions(context),
    ...mapActions(context),
    ...navigationActions(context),
    toggleCompression: (slice) => toggleCompression(context, slice),
    selectRegion: (selectedRegionId) => {
      patch(context, 'metrics', { selectedRegionId });
    },
    confirm: async (what, confirmed) => {
      store.setState(({ confirmations }) => ({ confirmations: { ...confirmations, [what]: confirmed } }));
      await measure(context);
    },
    enterClinical: (form) => enterClinical(context, form),
    enterSuccessRate: (rate) => enterSuccessRate(context, rate),
    ...reportActions(context),
    metricsCsv: () => {
      const { record } = store.getState().metrics;
      return record ? metricsCsv(record) : '';
    },
    cancel: (section) => {
      tasks.cancel(section);
    },
    toggleSection: (section) => {
      store.setState(({ open }) => ({ open: { ...open, [section]: !open[section] } }));
    },
    runNext: () => runNext(context, actions),
  };
  return actions;
}

type DataActions = Pick<
  ReadingActions,
  'readData' | 'chooseSeries' | 'joinSeries' | 'separateSeries' | 'useTable'
>;

function dataActions(context: ReadingContext): DataActions {
  const { store } = context;
  const readAnew = async () => {
    patch(context, 'data', { refused: null });
    await readData(context);
    forgetFits(context);
  };
  const group = (change: Partial<ReadingState['data']['grouping']>) => {
    patch(context, 'data', { grouping: { ...store.getState().data.grouping, ...change } });
    return readAnew();
  };
  return {
    readData: () => readData(context),
    chooseSeries: (role, key) => {
      patch(context, 'data', role === 'tensor' ? { tensorSeriesUID: key } : { ivimSeriesUID: key });
      forgetFits(context);
    },
    joinSeries: (keys) => group({ together: [...store.getState().data.grouping.together, keys] }),
    separateSeries: (key) => {
      const { together, apart } = store.getState().data.grouping;
      const asked = together.filter((keys) => keys.includes(key));
      return asked.length > 0
        ? group({ together: together.filter((keys) => !keys.includes(key)) })
        : group({ apart: [...apart, key] });
    },
    useTable: (key, table) => {
      if (table) context.tables.set(key, table);
      else context.tables.delete(key);
      return readAnew();
    },
  };
}

type MapActions = Pick<
  ReadingActions,
  'fit' | 'setPreparation' | 'showMap' | 'nextMap' | 'setOpacity' | 'setRange'
>;

function mapActions(context: ReadingContext): MapActions {
  const { store } = context;
  const show = (change: Parameters<typeof patch<'maps'>>[2]) => {
    patch(context, 'maps', change);
    void showMap(context);
  };
  return {
    fit: () => fitMaps(context),
    setPreparation: (preparation) => {
      patch(context, 'maps', { preparation });
    },
    showMap: (shown) => {
      show({ shown });
    },
    nextMap: () => {
      const { available, shown } = store.getState().maps;
      const order: (QuantityId | null)[] = [...available, null];
      show({ shown: order[(order.indexOf(shown) + 1) % order.length] ?? null });
    },
    setOpacity: (opacity) => {
      show({ opacity });
    },
    setRange: (quantity, range) => {
      if (range[1] > range[0]) show({ ranges: { ...store.getState().maps.ranges, [quantity]: range } });
    },
  };
}

function navigationActions(context: ReadingContext): Pick<ReadingActions, 'goToSlice'> {
  return {
    goToSlice: (slice) => {
      const open = outlinedSeries(context);
      if (open) context.host.navigation.goToSlice(open.displaySetUID, slice);
      context.store.setState({ currentSlice: slice });
    },
  };
}

/** Another series: what was computed from the old one must not stay on screen as if it were current. */
function forgetFits(context: ReadingContext): void {
  const fresh = emptyReading(null);
  patch(context, 'maps', {
    ...fresh.maps,
    preparation: context.store.getState().maps.preparation,
    state: context.store.getState().cord.outline ? { kind: 'ready' } : fresh.maps.state,
  });
  patch(context, 'metrics', { record: null, state: fresh.metrics.state });
  context.store.setState({ confirmations: fresh.confirmations });
  void showMap(context);
}

const LEADS_TO: Record<NextAction, SectionId | null> = {
  'read-data': 'data',
  'find-cord': 'cord',
  fit: 'maps',
  'check-slice': 'cord',
  'mark-compression': 'metrics',
  confirm: 'prognosis',
  'save-draft': 'report',
  none: null,
};

async function runNext({ store }: ReadingContext, actions: ReadingActions): Promise<void> {
  const step = nextStep(store.getState());
  if (step.blocked !== null) return;
  const section = LEADS_TO[step.action];
  if (section) store.setState((state) => ({ open: openedAt(state, section) }));
  switch (step.action) {
    case 'read-data':
      return actions.readData();
    case 'find-cord':
      return actions.findCord();
    case 'fit':
      return actions.fit();
    case 'check-slice':
      if (step.slice !== undefined) actions.goToSlice(step.slice);
      return;
    case 'mark-compression':
      return markCompression(store.getState(), actions);
    case 'save-draft':
      return actions.saveDraft();
    case 'confirm':
    case 'none':
      return;
  }
}

/** Stay in view once there is something in them: the reader goes on looking at them. */
const KEPT_OPEN: readonly SectionId[] = ['maps', 'prognosis'];

/** Opens the section of the step and closes finished ones before it: the panel shows what is at hand. */
function openedAt(state: ReadingState, section: SectionId): ReadingState['open'] {
  const open = { ...state.open, [section]: true };
  for (const earlier of SECTIONS.slice(0, SECTIONS.indexOf(section))) {
    if (sectionState(state, earlier).kind === 'done' && !KEPT_OPEN.includes(earlier)) open[earlier] = false;
  }
  return open;
}

/** Takes the reader to the narrowest slice; marking it stays the reader's own click. */
function markCompression({ metrics }: ReadingState, actions: ReadingActions): void {
  if (metrics.narrowestSlice !== null) actions.goToSlice(metrics.narrowestSlice);
}
