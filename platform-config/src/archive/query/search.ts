import type { DicomJsonDataset } from '@myelon/dicom';
import { sortedInstances, sortedSeries, sortedStudies } from '../storage/archive-index';
import type { ArchiveIndex, InstanceEntry, SeriesEntry, StudyEntry } from '../storage/archive-index';
import { levelAttributes, type Level } from '../storage/attribute-levels';
import { matchesAnyOf, matchesPath } from './attribute-matching';
import { instanceDataset, modalitiesOf, seriesDataset, studyDataset } from './level-datasets';
import type { MatchKey, SearchParameters } from './search-parameters';

/** What a search is about: its level and the study and series named in the path. */
export interface SearchScope {
  readonly level: Level;
  readonly studyInstanceUID?: string;
  readonly seriesInstanceUID?: string;
}

export interface SearchContext {
  readonly index: ArchiveIndex;
  /** Address of the service, for Retrieve URL. */
  readonly root: string;
  /** The whole data set of an instance, for attributes the index does not keep. */
  readonly datasetOf: (instance: InstanceEntry) => Promise<DicomJsonDataset>;
}

interface Candidate {
  readonly study: StudyEntry;
  readonly series?: SeriesEntry;
  readonly instance?: InstanceEntry;
}

const modalitiesInStudy = '00080061';
const computed = {
  study: [modalitiesInStudy, '00080062', '00201206', '00201208'],
  series: ['00201209'],
  instance: ['00083002'],
} as const satisfies Record<Level, readonly string[]>;

/** The level an attribute belongs to, or undefined where only the file knows it. */
function levelOf(tag: string): Level | undefined {
  const levels: readonly Level[] = ['study', 'series', 'instance'];
  return levels.find((level) =>
    [...levelAttributes[level], ...computed[level]].some((indexed: string) => indexed === tag),
  );
}

class Matcher {
  private readonly byLevel: Record<Level, MatchKey[]> = { study: [], series: [], instance: [] };
  private readonly fromFile: MatchKey[] = [];

  constructor(
    match: readonly MatchKey[],
    private readonly context: SearchContext,
  ) {
    for (const key of match) {
      const level = levelOf(key.path[0] ?? '');
      (level ? this.byLevel[level] : this.fromFile).push(key);
    }
  }

  study(study: StudyEntry): boolean {
    return this.byLevel.study.every(({ path, value }) => {
      if (path[0] !== modalitiesInStudy) {
        return matchesPath(studyDataset(study, this.context.root), path, value);
      }
      return value === '' || matchesAnyOf(modalitiesOf(study), value);
    });
  }

  series(series: SeriesEntry): boolean {
    const { root } = this.context;
    return this.byLevel.series.every(({ path, value }) =>
      matchesPath(seriesDataset(series, root), path, value),
    );
  }

  instance(instance: InstanceEntry): boolean {
    const { root } = this.context;
    return this.byLevel.instance.every(({ path, value }) =>
      matchesPath(instanceDataset(instance, root), path, value),
    );
  }

  /** A key below the level searched: a study matches when one of its series, a series when one instance does. */
  hasSeriesKeys(): boolean {
    return this.byLevel.series.length > 0;
  }

  hasInstanceKeys(): boolean {
    return this.byLevel.instance.length > 0;
  }

  async file(instance: InstanceEntry | undefined): Promise<boolean> {
    if (this.fromFile.length === 0) return true;
    if (!instance) return false;
    const dataset = await this.context.datasetOf(instance);
    return this.fromFile.every(({ path, value }) => matchesPath(dataset, path, value));
  }
}

function firstInstance({ instance, series, study }: Candidate): InstanceEntry | undefined {
  if (instance) return instance;
  const within = series ?? study.series.values().next().value;
  return within?.instances.values().next().value;
}

function seriesMatches(series: SeriesEntry, matcher: Matcher): boolean {
  if (!matcher.series(series)) return false;
  return !matcher.hasInstanceKeys() || [...series.instances.values()].some((one) => matcher.instance(one));
}

function* candidates(scope: SearchScope, index: ArchiveIndex, matcher: Matcher): Generator<Candidate> {
  const named = scope.studyInstanceUID === undefined ? undefined : index.studies.get(scope.studyInstanceUID);
  const studies = scope.studyInstanceUID === undefined ? sortedStudies(index) : named ? [named] : [];
  for (const study of studies) {
    if (!matcher.study(study)) continue;
    if (scope.level === 'study') {
      const hasKeysBelow = matcher.hasSeriesKeys() || matcher.hasInstanceKeys();
      if (!hasKeysBelow || [...study.series.values()].some((one) => seriesMatches(one, matcher)))
        yield { study };
      continue;
    }
    for (const series of sortedSeries(study)) {
      if (scope.seriesInstanceUID !== undefined && series.seriesInstanceUID !== scope.seriesInstanceUID)
        continue;
      if (scope.level === 'series') {
        if (seriesMatches(series, matcher)) yield { study, series };
        continue;
      }
      if (!matcher.series(series)) continue;
      for (const instance of sortedInstances(series))
        if (matcher.instance(instance)) yield { study, series, instance };
    }
  }
}

/** Attributes of the levels above are added where the path does not name them (PS3.18 section 10.6.3.3). */
function datasetOf(
  { study, series, instance }: Candidate,
  scope: SearchScope,
  root: string,
): DicomJsonDataset {
  const ofStudy =
    scope.level === 'study' || scope.studyInstanceUID === undefined ? studyDataset(study, root) : {};
  const ofSeries =
    series && (!instance || scope.seriesInstanceUID === undefined) ? seriesDataset(series, root) : {};
  return { ...ofStudy, ...ofSeries, ...(instance && instanceDataset(instance, root)) };
}

/** Attributes the index does not keep, from the file of the (first) instance. */
async function included(
  candidate: Candidate,
  parameters: SearchParameters,
  context: SearchContext,
): Promise<DicomJsonDataset> {
  const wanted = parameters.include.filter((tag) => levelOf(tag) === undefined);
  const instance = firstInstance(candidate);
  const isWholeInstance = parameters.includeAll && candidate.instance !== undefined;
  if (!instance || (wanted.length === 0 && !isWholeInstance)) return {};
  const dataset = await context.datasetOf(instance);
  if (isWholeInstance) return dataset;
  return Object.fromEntries(wanted.flatMap((tag) => (dataset[tag] ? [[tag, dataset[tag]]] : [])));
}

/** Answers a search: matching data sets one after another, the page that limit and offset ask for. */
export async function* search(
  scope: SearchScope,
  parameters: SearchParameters,
  context: SearchContext,
): AsyncGenerator<DicomJsonDataset> {
  const matcher = new Matcher(parameters.match, context);
  const { offset, limit = Number.POSITIVE_INFINITY } = parameters;
  let found = 0;
  for (const candidate of candidates(scope, context.index, matcher)) {
    if (!(await matcher.file(firstInstance(candidate)))) continue;
    found++;
    if (found <= offset) continue;
    if (found > offset + limit) return;
    yield sorted({
      ...(await included(candidate, parameters, context)),
      ...datasetOf(candidate, scope, context.root),
    });
  }
}

function sorted(dataset: DicomJsonDataset): DicomJsonDataset {
  return Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => (a < b ? -1 : 1)));
}
