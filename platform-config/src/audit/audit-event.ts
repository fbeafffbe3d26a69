/** What an audit record can say. Codes: DICOM PS3.16 CID 400 and 401 (PS3.15 Annex A.5). */
export type AuditedAction = 'open' | 'store' | 'sign' | 'export' | 'refused' | 'start' | 'configuration';

export interface AuditedEvent {
  readonly action: AuditedAction;
  /** 0 success, 4 refused or failed, 8 failed for a reason of the server (FHIR AuditEvent.outcome). */
  readonly outcome: 0 | 4 | 8;
  /** Why it failed, or what it was about; never anything of a patient. */
  readonly description?: string;
  readonly person: { readonly subject: string; readonly issuer: string; readonly name: string } | null;
  readonly address: string;
  /** Source of the site, where one was concerned. */
  readonly source?: string;
  readonly studyInstanceUIDs?: readonly string[];
  readonly sopInstanceUIDs?: readonly string[];
}

interface Code {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const dcm = (code: string, display: string): Code => ({
  system: 'http://dicom.nema.org/resources/ontology/DCM',
  code,
  display,
});

const myelon = (code: string, display: string): Code => ({ system: 'urn:myelon:audit', code, display });

const kinds: Record<AuditedAction, { type: Code; subtype: Code; action: 'C' | 'R' | 'U' | 'E' }> = {
  open: {
    type: dcm('110103', 'DICOM Instances Accessed'),
    subtype: myelon('open', 'Study opened'),
    action: 'R',
  },
  store: {
    type: dcm('110104', 'DICOM Instances Transferred'),
    subtype: myelon('store', 'Objects stored'),
    action: 'C',
  },
  sign: {
    type: dcm('110104', 'DICOM Instances Transferred'),
    subtype: myelon('sign', 'Verified report stored'),
    action: 'C',
  },
  export: { type: dcm('110106', 'Export'), subtype: myelon('export', 'Saved as a file'), action: 'R' },
  refused: {
    type: dcm('110113', 'Security Alert'),
    subtype: myelon('refused', 'Request refused'),
    action: 'E',
  },
  start: {
    type: dcm('110100', 'Application Activity'),
    subtype: dcm('110120', 'Application Start'),
    action: 'E',
  },
  configuration: {
    type: dcm('110100', 'Application Activity'),
    subtype: dcm('110131', 'Software Configuration'),
    action: 'U',
  },
};

const uidSystem = 'urn:dicom:uid';

/**
 * A FHIR R4 AuditEvent in the shape of IHE Basic Audit Log Patterns. Studies and objects are named by UID; names and
 * numbers of patients are not in it.
 *
 * @param at time of the event
 * @param server name of this site, as the observer
 */
export function auditEvent(event: AuditedEvent, at: Date, server: string): Record<string, unknown> {
  const { type, subtype, action } = kinds[event.action];
  return {
    resourceType: 'AuditEvent',
    type,
    subtype: [subtype],
    action,
    recorded: at.toISOString(),
    outcome: String(event.outcome),
    ...(event.description === undefined ? {} : { outcomeDesc: event.description }),
    agent: [agentOf(event)],
    source: { site: event.source ?? server, observer: { display: server }, type: [{ code: '4' }] },
    entity: entitiesOf(event),
  };
}

function agentOf({ person, address }: AuditedEvent): Record<string, unknown> {
  const who = person
    ? { identifier: { system: person.issuer, value: person.subject }, display: person.name }
    : { display: 'nobody logged in' };
  return { who, requestor: true, network: { address, type: '2' } };
}

function entitiesOf(event: AuditedEvent): Record<string, unknown>[] {
  const systemObject = { code: '2', display: 'System Object' };
  const entity = (uid: string, role: string) => ({
    what: { identifier: { system: uidSystem, value: `urn:oid:${uid}` } },
    type: systemObject,
    role: { code: role },
  });
  return [
    ...(event.studyInstanceUIDs ?? []).map((uid) => entity(uid, '3')),
    ...(event.sopInstanceUIDs ?? []).map((uid) => entity(uid, '4')),
  ];
}
