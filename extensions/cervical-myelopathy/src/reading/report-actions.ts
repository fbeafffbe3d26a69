import type { ReadingActions } from './reading-actions';
import { patch, type ReadingContext } from './reading-context';
import { findPriorReports, findReports } from './steps/find-reports';
import { downloadKept, downloadReport, saveDraft } from './steps/save-report';

type ReportActions = Pick<
  ReadingActions,
  | 'saveDraft'
  | 'downloadReport'
  | 'chooseObjects'
  | 'findReports'
  | 'findPriorReports'
  | 'sendAgain'
  | 'discardSave'
  | 'downloadKept'
  | 'signIn'
>;

export function reportActions(context: ReadingContext): ReportActions {
  const { host, store } = context;
  return {
    saveDraft: () => saveDraft(context),
    downloadReport: () => downloadReport(context),
    chooseObjects: (choice) => {
      patch(context, 'report', { choice: { ...store.getState().report.choice, ...choice } });
    },
    findReports: () => findReports(context),
    findPriorReports: () => findPriorReports(context),
    sendAgain: (group) => host.outbox.retry(group),
    discardSave: async (group) => {
      await host.outbox.discard(group);
      const { queued, savedRecordId, state } = store.getState().report;
      if (queued?.group !== group || savedRecordId === queued.recordId) return;
      patch(context, 'report', { queued: null, state: state.kind === 'working' ? state : { kind: 'ready' } });
    },
    downloadKept: (item) => downloadKept(context, item),
    signIn: () => {
      host.outbox.signIn();
    },
  };
}
