import type { ReadingActions } from './reading-actions';
import { bindCommands } from './bind-commands';
import { outlinedSeries, patch, type ReadingContext } from './reading-context';
import type { Progress } from './reading-state';
import { describeShape } from './steps/describe-shape';
import { takeContour } from './steps/edit-outline';
import { takeEditedOutline } from './steps/outline-cord';
import { listOutlines } from './steps/import-outline';
import { layMaps, showMap } from './steps/show-maps';
import { findReports } from './steps/find-reports';
import { restoreNewest } from './steps/restore';
import { checkRoom, followOutbox } from './steps/save-report';
import { WORDS } from '../words/en';

/** Listens to the viewer and brings the screen in line with the reading. Returns how to let go again. */
export function attach(context: ReadingContext, actions: ReadingActions): () => void {
  const { host, store } = context;
  patch(context, 'report', { target: host.archive.target() });
  const found = findReports(context);
  const series = watchSeries(context, actions, found);
  const follow = () => void followOutbox(context).catch(reportFailure);
  follow();
  const disposers = [
    series,
    host.outbox.onChange(follow),
    host.outline.onEdited(() => void takeEditedOutline(context)),
    host.drawing.onContour((contour) => void takeContour(context, contour)),
    host.drawing.onToolChange((tool) => {
      patch(context, 'cord', { tool });
    }),
    host.anatomy.onLevelMoved(({ name, pointMm }) => void actions.nameDisc(name, { pointMm })),
    host.maps.onProbe((probe) => {
      patch(context, 'maps', { probe });
    }),
    host.navigation.onSliceChange(() => {
      followSlice(context);
    }),
    ...bindCommands(store, actions),
  ];
  return () => {
    context.tasks.cancelAll();
    for (const dispose of disposers) dispose();
  };
}

function reportFailure(error: unknown): void {
  console.error('Myelon: the outbox could not be read', error);
}

/** How long to wait for the first series of a study, and after each further one, before saying there is none. */
const FIRST_SERIES_MS = 20_000;
const NEXT_SERIES_MS = 3_000;

/** Reads the diffusion series as the viewer lists them. Returns how to stop. */
function watchSeries(context: ReadingContext, actions: ReadingActions, found: Promise<void>): () => void {
  const { studies } = context.host;
  let seen = '';
  let noneLeft: ReturnType<typeof setTimeout> | undefined;
  const read = () =>
    void actions.readData().then(() => {
      followSlice(context);
      void checkRoom(context).catch(reportFailure);
      return showAgain(context)
        .then(() => found)
        .then(() => restoreNewest(context));
    });
  const waitForSeries = (patienceMs: number) => {
    clearTimeout(noneLeft);
    patch(context, 'data', { state: { kind: 'working', progress: waiting() } });
    noneLeft = setTimeout(read, patienceMs);
  };
  const changed = () => {
    listOutlines(context);
    const now = studies
      .diffusionSeries()
      .map(({ displaySetInstanceUID }) => displaySetInstanceUID)
      .join(' ');
    if (now === '' && seen === '') waitForSeries(NEXT_SERIES_MS);
    if (now === seen) return;
    seen = now;
    clearTimeout(noneLeft);
    read();
  };
  const unsubscribe = studies.onChange(changed);
  if (studies.diffusionSeries().length > 0) changed();
  else waitForSeries(FIRST_SERIES_MS);
  return () => {
    clearTimeout(noneLeft);
    unsubscribe();
  };
}

function waiting(): Progress {
  return { label: WORDS.data.waiting, fraction: null, startedAt: Date.now() };
}

/** After the mode was left and opened again: outline and maps back on the new display sets. */
async function showAgain(context: ReadingContext): Promise<void> {
  const open = outlinedSeries(context);
  if (!open || !context.mask || context.host.outline.read()) return;
  await context.host.outline.show(open.displaySetUID, context.mask.grid, context.mask.labels);
  describeShape(context);
  await layMaps(context);
  await showMap(context);
}

function followSlice(context: ReadingContext): void {
  const open = outlinedSeries(context);
  const currentSlice = open ? context.host.navigation.currentSlice(open.displaySetUID) : null;
  if (currentSlice !== context.store.getState().currentSlice) context.store.setState({ currentSlice });
}
