import { encodePart10, newUID, parsePart10, string } from '@myelon/dicom';
import { memoryOutbox, Outbox, type Delivery } from '@myelon/pipeline';
import type { HostOutbox } from '../host/viewer-host';
import { storeDicom } from './store-dicom';

/** What the viewer hands over when a reader saves measurements: keywords, no character set. */
function measurements() {
  return {
    _meta: { TransferSyntaxUID: { Value: ['1.2.840.10008.1.2.1'], vr: 'UI' } },
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33',
    SOPInstanceUID: newUID(),
    SeriesInstanceUID: newUID(),
    StudyInstanceUID: newUID(),
    SeriesDescription: 'Größe',
    Modality: 'SR',
    PatientName: 'Müller^Jörg',
  };
}

/** An outbox whose archive answers as told. */
function viewerWith(answer: Delivery) {
  const outbox = new Outbox({ storage: memoryOutbox(), deliver: () => Promise.resolve(answer) });
  const untilTried: HostOutbox['untilTried'] = async (group) => {
    await outbox.sendDue(new AbortController().signal);
    return (await outbox.items()).filter((item) => item.group === group);
  };
  const store = storeDicom({
    configuration: () => ({ writeTo: { name: 'PACS', wadoRoot: '/dicom-web/pacs' } }),
    headers: () => ({}),
    outbox: { add: (objects, to) => outbox.add(objects, to), untilTried },
  });
  return { outbox, store };
}

describe('what the viewer itself saves', () => {
  it('goes through the outbox and is saved when the archive has it', async () => {
    const { outbox, store } = viewerWith({ kind: 'sent' });
    const dataset = measurements();
    await store(dataset);
    const [item] = await outbox.items();
    expect(item).toMatchObject({
      sopInstanceUID: dataset.SOPInstanceUID,
      studyInstanceUID: dataset.StudyInstanceUID,
      target: { name: 'PACS', url: '/dicom-web/pacs' },
      state: { kind: 'sent' },
    });
  });

  it('says its character set, so that names arrive as they are', async () => {
    const { outbox, store } = viewerWith({ kind: 'later', why: 'no answer' });
    await expect(store(measurements())).rejects.toThrow();
    const [item] = await outbox.items();
    const { dataset } = parsePart10((await outbox.file(item!.sopInstanceUID))!, 'kept');
    expect(string(dataset, '00080005')).toBe('ISO_IR 192');
    expect(string(dataset, '0008103E')).toBe('Größe');
  });

  it.each<[Delivery, RegExp]>([
    [{ kind: 'later', why: 'not reachable' }, /not reachable.*do not save it again/],
    [
      { kind: 'refused', why: 'not allowed', whatToDo: 'ask for permission' },
      /not allowed.*ask for permission/,
    ],
  ])('is never called saved before that, and stays in the outbox: %j', async (answer, words) => {
    const { outbox, store } = viewerWith(answer);
    await expect(store(measurements())).rejects.toThrow(words);
    expect(await outbox.items()).toHaveLength(1);
  });

  it('takes finished files as they are, byte for byte', async () => {
    const { outbox, store } = viewerWith({ kind: 'later', why: 'no answer' });
    const { _meta, ...attributes } = measurements();
    expect(_meta).toBeDefined();
    const bytes = encodePart10(attributes);
    await expect(store(Uint8Array.from(bytes).buffer)).rejects.toThrow();
    expect(await outbox.file(attributes.SOPInstanceUID)).toEqual(bytes);
  });

  it('is refused where the site names no archive for results', async () => {
    const { outbox } = viewerWith({ kind: 'sent' });
    const store = storeDicom({
      configuration: () => ({}),
      headers: () => ({}),
      outbox: { add: (objects, to) => outbox.add(objects, to), untilTried: () => Promise.resolve([]) },
    });
    await expect(store(measurements())).rejects.toThrow(/stores nothing/);
    expect(await outbox.items()).toEqual([]);
  });
});
