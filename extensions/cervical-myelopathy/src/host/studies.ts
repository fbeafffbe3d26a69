import { seriesHeaders } from '@myelon/dicom';
import { DIFFUSION_HANDLER_ID } from '../ids';
import { dicomWebClient, readRoot } from './web-roots';
import type { HostContext } from './context';
import { Listeners } from './listeners';
import type { DisplaySet, NaturalizedInstance } from './ohif';
import type { HostDiffusionSeries, HostOutlineObject, HostStudies } from './viewer-host';

export function hostStudies(context: HostContext): HostStudies {
  const { displaySetService } = context.services;
  const listeners = new Listeners();
  const tell = () => {
    listeners.tell();
  };
  for (const event of ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_REMOVED', 'DISPLAY_SETS_CHANGED']) {
    displaySetService.subscribe(displaySetService.EVENTS[event] ?? event, tell);
  }
  const diffusion = () =>
    displaySetService
      .getActiveDisplaySets()
      .filter(
        (displaySet) =>
          displaySet.SOPClassHandlerId === DIFFUSION_HANDLER_ID && displaySet['isDerived'] !== true,
      );

  return {
    currentStudyInstanceUID: () => displaySetService.getActiveDisplaySets()[0]?.StudyInstanceUID ?? null,
    diffusionSeries: () => diffusion().map(describe),
    outlines: () =>
      displaySetService
        .getActiveDisplaySets()
        .flatMap(outlineObjects)
        .sort((p, q) => q.madeAt.localeCompare(p.madeAt)),
    onChange: (listener) => listeners.add(listener),
    metadata: (studyInstanceUID, seriesInstanceUID, signal) =>
      seriesHeaders(dicomWebClient(context, readRoot(context)), studyInstanceUID, seriesInstanceUID, {
        signal,
      }),
  };
}

function outlineObjects(displaySet: DisplaySet): HostOutlineObject[] {
  const { Modality: modality, SeriesDescription } = displaySet;
  if (modality !== 'SEG' && modality !== 'RTSTRUCT') return [];
  const instances = displaySet.instances?.length ? displaySet.instances : [displaySet['instance']];
  return (instances as (NaturalizedInstance | undefined)[]).flatMap((instance) =>
    instance
      ? [
          {
            studyInstanceUID: instance.StudyInstanceUID,
            seriesInstanceUID: instance.SeriesInstanceUID,
            sopInstanceUID: instance.SOPInstanceUID,
            modality,
            description: SeriesDescription ?? modality,
            madeAt: moment(instance),
          },
        ]
      : [],
  );
}

/** DICOM date and time as ISO 8601. */
function moment(instance: NaturalizedInstance): string {
  const text = (keyword: string) => String(instance[keyword] ?? '');
  const date = /^(\d{4})(\d{2})(\d{2})/.exec(text('ContentDate') || text('StructureSetDate'));
  const time = /^(\d{2})(\d{2})(\d{2})?/.exec(text('ContentTime') || text('StructureSetTime'));
  if (!date) return '';
  const day = date.slice(1).join('-');
  return time ? `${day}T${[time[1], time[2], time[3] ?? '00'].join(':')}` : day;
}

function describe(displaySet: DisplaySet): HostDiffusionSeries {
  const number = Number(displaySet.SeriesNumber);
  return {
    displaySetInstanceUID: displaySet.displaySetInstanceUID,
    studyInstanceUID: displaySet.StudyInstanceUID,
    seriesInstanceUID: displaySet.SeriesInstanceUID,
    seriesNumber: Number.isFinite(number) ? number : null,
    description: displaySet.SeriesDescription ?? '',
    instanceCount: displaySet.instances?.length ?? 0,
  };
}
