import { seriesHeaders } from '@myelon/dicom';
import { DIFFUSION_HANDLER_ID } from '../ids';
import { dicomWebClient, readRoot } from './web-roots';
import type { HostContext } from './context';
import { Listeners } from './listeners';
import type { DisplaySet } from './ohif';
import type { HostDiffusionSeries, HostStudies } from './viewer-host';

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
    onChange: (listener) => listeners.add(listener),
    metadata: (studyInstanceUID, seriesInstanceUID, signal) =>
      seriesHeaders(dicomWebClient(context, readRoot(context)), studyInstanceUID, seriesInstanceUID, {
        signal,
      }),
  };
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
