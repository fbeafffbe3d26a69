import type { DicomJsonDataset } from '@myelon/dicom';
import type { StoreOutcome } from '../storage/store-outcome';

const ui = (value: string) => ({ vr: 'UI', Value: [value] });
const ur = (value: string) => ({ vr: 'UR', Value: [value] });

function sopReference(outcome: { sopClassUID?: string; sopInstanceUID?: string }): DicomJsonDataset {
  return {
    ...(outcome.sopClassUID !== undefined && { '00081150': ui(outcome.sopClassUID) }),
    ...(outcome.sopInstanceUID !== undefined && { '00081155': ui(outcome.sopInstanceUID) }),
  };
}

/** 200 all stored, 202 some, 409 none (PS3.18 table 10.5.3-1). */
export function storeStatus(outcomes: readonly StoreOutcome[]): 200 | 202 | 409 {
  const failed = outcomes.filter(({ status }) => status === 'failed').length;
  if (failed === 0) return 200;
  return failed < outcomes.length ? 202 : 409;
}

/** The body of the answer (PS3.18 Annex I.2). A file that is not DICOM has an item with a reason and no UIDs. */
export function storeResponse(outcomes: readonly StoreOutcome[], root: string): DicomJsonDataset {
  const studies = new Set<string>();
  const referenced: DicomJsonDataset[] = [];
  const failed: DicomJsonDataset[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'failed') {
      failed.push({ ...sopReference(outcome), '00081197': { vr: 'US', Value: [outcome.reason] } });
      continue;
    }
    const study = `${root}/studies/${outcome.studyInstanceUID}`;
    studies.add(study);
    const url = `${study}/series/${outcome.seriesInstanceUID}/instances/${outcome.sopInstanceUID}`;
    referenced.push({ ...sopReference(outcome), '00081190': ur(url) });
  }
  const [study] = studies;
  return {
    ...(study !== undefined && studies.size === 1 && { '00081190': ur(study) }),
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
    ...(referenced.length > 0 && { '00081199': { vr: 'SQ', Value: referenced } }),
  };
}

/** What is wrong with the files, for people who read headers: the first reasons, in plain ASCII. */
export function storeWarning(outcomes: readonly StoreOutcome[]): string | undefined {
  const messages = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.message] : []));
  if (messages.length === 0) return undefined;
  const text = [...new Set(messages)].slice(0, 3).join('; ');
  return `299 - "${text.replace(/[^ -~]|["\\]/g, ' ')}"`;
}
