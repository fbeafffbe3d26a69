import { Readable } from 'node:stream';
import type { DicomJsonDataset } from '@myelon/dicom';

async function* jsonArray(
  first: IteratorResult<DicomJsonDataset, unknown>,
  rest: AsyncIterator<DicomJsonDataset, unknown>,
): AsyncGenerator<string> {
  let separator = '[';
  for (let next = first; !next.done; next = await rest.next()) {
    yield separator + JSON.stringify(next.value);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

/**
 * A JSON array that is written as its items come. The first item is waited for, so that what fails at once can
 * still be answered with a status.
 */
export async function jsonStream(items: AsyncIterable<DicomJsonDataset>): Promise<Readable> {
  const iterator = items[Symbol.asyncIterator]();
  return Readable.from(jsonArray(await iterator.next(), iterator), { objectMode: false });
}
