import { InputRefused } from '@myelon/diffusion';
import type { AnalyseRequest } from '@myelon/pipeline';
import { EMPTY_CLINICAL_FORM } from '@myelon/prognosis';
import { WORDS } from '../../words/en';
import { patch, type ReadingContext } from '../reading-context';
import { problemOf } from '../tasks';
import { describeShape } from './describe-shape';
import { layMaps, showMap } from './show-maps';

/** Measures the fitted maps over the outline as it is now. Takes milliseconds, so it shows no progress. */
export async function measure(context: ReadingContext): Promise<void> {
  const { engine, store } = context;
  const { maps, cord, metrics, confirmations, clinical, siteSuccessRate } = store.getState();
  if (maps.available.length === 0 || !cord.voxelsPerSlice.some((count) => count > 0)) return;
  const compressionSlices = metrics.compressionSlices.filter(
    (slice) => (cord.voxelsPerSlice[slice] ?? 0) > 0,
  );
  if (context.restored) return measureAfterFit(context);
  const confirmed = confirmations.outline && confirmations.level && confirmations.quality;
  try {
    const model = await modelInForce(context);
    await fitWhatWasAdded(context);
    const record = await engine.analyse({
      compressionSlices,
      // Levels that no longer fit the outline are refused beside it; they must not take the numbers with them.
      ...(cord.levels.record !== null && {
        levels: {
          discs: cord.levels.known,
          ...(context.sagittal && { sagittal: context.sagittal }),
        },
      }),
      ...(clinical === EMPTY_CLINICAL_FORM ? {} : { clinical }),
      ...(siteSuccessRate ? { siteSuccessRate } : {}),
      ...model,
      ...(confirmed ? {} : { statementWithheld: WORDS.prognosis.locked }),
    });
    patch(context, 'metrics', { record, compressionSlices, state: { kind: 'done' } });
    patch(context, 'report', { target: context.host.archive.target(), state: { kind: 'ready' } });
  } catch (error) {
    patch(context, 'metrics', { record: null, state: { kind: 'failed', problem: problemOf(error) } });
  }
}

/** The site's own score. One that cannot be used is never replaced by another: then no statement is made. */
async function modelInForce({
  host,
}: ReadingContext): Promise<Pick<AnalyseRequest, 'scoreModel' | 'statementWithheld'>> {
  try {
    const scoreModel = await host.scoring.model();
    return scoreModel ? { scoreModel } : {};
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    return { statementWithheld: WORDS.prognosis.modelUnusable(error.what) };
  }
}

/** Voxels an edit added outside the fitted field get their values, and the maps on screen get them too. */
async function fitWhatWasAdded(context: ReadingContext): Promise<void> {
  const maps = await context.engine.fitMissing();
  if (!maps) return;
  context.maps = maps;
  void layMaps(context).then(() => showMap(context));
}

/** Restored maps are for looking at: the numbers of something that changed come from the images again. */
async function measureAfterFit(context: ReadingContext): Promise<void> {
  patch(context, 'metrics', { record: null, state: { kind: 'nothing', why: WORDS.metrics.afterRestore } });
  await context.refit();
}

/** Marks or unmarks a slice as the level of maximal compression. */
export async function toggleCompression(context: ReadingContext, slice: number): Promise<void> {
  const { compressionSlices } = context.store.getState().metrics;
  const next = compressionSlices.includes(slice)
    ? compressionSlices.filter((one) => one !== slice)
    : [...compressionSlices, slice].sort((p, q) => p - q);
  patch(context, 'metrics', {
    compressionSlices: next,
    selectedRegionId: next.length > 0 ? 'compression' : 'whole-cord',
  });
  context.store.setState(({ confirmations, open }) => ({
    confirmations: { ...confirmations, level: false },
    open: { ...open, prognosis: next.length > 0 || open.prognosis },
  }));
  describeShape(context);
  await measure(context);
}
