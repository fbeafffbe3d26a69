import { part10, smallImage } from './dicomweb-contract-files';
import {
  answerOf,
  found,
  getJson,
  multipartBody,
  postBody,
  retrieve,
  store,
} from './dicomweb-contract-client';
import type { RunningServer, ServerUnderTest } from './dicomweb-contract-servers';

const garbage = Buffer.from('this is no DICOM file');

/** STOW-RS. Each test has a study of its own. */
export function describeStore({ start, differences }: ServerUnderTest): void {
  describe('store', () => {
    let running: RunningServer;
    beforeAll(async () => {
      running = await start();
    }, 60_000);
    afterAll(() => running.stop());

    const instances = (study: number) => found(running.url, `/studies/2.25.${study}/instances`, '00080018');

    it('stores several instances and lists them', async () => {
      const answer = await store(running.url, [smallImage(1, 1, 1), smallImage(1, 2, 1)]);
      expect(answer).toMatchObject({ status: 200, failedUids: [] });
      expect([...answer.storedUids].sort()).toEqual(['2.25.1.1.1', '2.25.1.2.1']);
      expect(await instances(1)).toEqual(['2.25.1.1.1', '2.25.1.2.1']);
    });

    it('stores to the study named in the path', async () => {
      const answer = await store(running.url, [smallImage(2, 1, 1)], '/studies/2.25.2');
      expect(answer).toMatchObject({ status: 200, storedUids: ['2.25.2.1.1'] });
    });

    it('refuses an instance of another study than the path names', async () => {
      const answer = await store(running.url, [smallImage(3, 1, 1)], '/studies/2.25.33');
      expect(answerOf(answer)).toEqual({ status: 409, reasons: [0x0110] });
      expect(answer.failedUids).toEqual(['2.25.3.1.1']);
      expect(await instances(3)).toEqual([]);
    });

    it('takes the same instance again without doubling it', async () => {
      const file = smallImage(4, 1, 1);
      expect(answerOf(await store(running.url, [file]))).toEqual({ status: 200, listed: 1 });
      expect(answerOf(await store(running.url, [file]))).toEqual({ status: 200, listed: 1 });
      expect(answerOf(await store(running.url, [file, file]))).toEqual({ status: 200, listed: 2 });
      expect(await instances(4)).toEqual(['2.25.4.1.1']);
    });

    it('never replaces an instance by other content', async () => {
      await store(running.url, [smallImage(5, 1, 1)]);
      const answer = await store(running.url, [smallImage(5, 1, 1, { '0008103E LO': 'Changed' })]);
      expect(answerOf(answer)).toEqual(differences.changedContent);
      expect(answer.storedUids.length > 0).toBe(differences.pretendsToStore);
      const [metadata] = await getJson(running.url, '/studies/2.25.5/metadata');
      expect(metadata?.['0008103E']?.Value).toEqual(['Series 1']);
    });

    it('refuses what is not DICOM', async () => {
      expect(answerOf(await store(running.url, [garbage]))).toEqual(differences.garbage);
    });

    it('stores the good one of a good and a bad instance', async () => {
      const answer = await store(running.url, [smallImage(6, 1, 1), garbage]);
      expect(answerOf(answer)).toEqual(differences.goodAndGarbage);
      expect(await instances(6)).toEqual(['2.25.6.1.1']);
    });

    it('refuses a file whose pixel data are cut off', async () => {
      const file = smallImage(7, 1, 1);
      expect(answerOf(await store(running.url, [file.subarray(0, file.length - 10)]))).toEqual(
        differences.truncatedFile,
      );
      expect(await instances(7)).toEqual([]);
    });

    it('stores nothing of a body that was cut off', async () => {
      const body = multipartBody([smallImage(8, 1, 1)], '\r\n', false);
      const answer = await postBody(running.url, body.subarray(0, body.length - 20));
      expect(answerOf(answer)).toEqual(differences.truncatedBody);
      expect(await instances(8)).toEqual([]);
    });

    it('lists nothing as stored from a body with the wrong line ends', async () => {
      const answer = await postBody(running.url, multipartBody([smallImage(9, 1, 1)], '\n'));
      expect(answerOf(answer)).toEqual(differences.lineFeedsOnly);
      expect(await instances(9)).toEqual([]);
    });

    it('lists nothing as stored from an empty body', async () => {
      expect(answerOf(await postBody(running.url, multipartBody([])))).toEqual(differences.emptyBody);
    });

    it.each([
      ['JSON', 'application/dicom+json'],
      ['a bare file', 'application/dicom'],
      ['multipart without boundary', 'multipart/related; type="application/dicom"'],
      ['multipart of JSON', 'multipart/related; type="application/dicom+json"; boundary=x'],
    ])('answers 415 to %s', async (_name, contentType) => {
      expect((await postBody(running.url, smallImage(10, 1, 1), '/studies', contentType)).status).toBe(415);
      expect(await instances(10)).toEqual([]);
    });

    it('gives back the data set it was sent, bit for bit', async () => {
      const file = smallImage(11, 1, 1, {
        '00290010 LO': 'MYELON TEST',
        '00291001 OB': Buffer.from([1, 2, 3, 4]),
      });
      await store(running.url, [file]);
      const { parts } = await retrieve(
        `${running.url}/studies/2.25.11/series/2.25.11.1/instances/2.25.11.1.1`,
      );
      const received = parts[0]?.bytes ?? Buffer.alloc(0);
      // The meta information is the server's to write; the data set begins with Specific Character Set.
      const dataSet = (bytes: Buffer) => bytes.subarray(bytes.indexOf(Buffer.from('080005004353', 'hex')));
      expect(dataSet(received).equals(dataSet(file))).toBe(true);
    });

    it('refuses deletion', async () => {
      await store(running.url, [smallImage(12, 1, 1)]);
      expect((await fetch(`${running.url}/studies/2.25.12`, { method: 'DELETE' })).status).toBe(405);
      expect(await instances(12)).toEqual(['2.25.12.1.1']);
    });

    it('refuses an instance without identifiers', async () => {
      const answer = await store(running.url, [part10({ '00100010 PN': 'Doe^Jane' })]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.storedUids).toEqual([]);
    });
  });
}
