import { Readable } from 'node:stream';

async function* jsonArray(
  first: IteratorResult<string, unknown>,
  rest: AsyncIterator<string, unknown>,
): AsyncGenerator<string> {
  let separator = '[';
  for (let next = first; !next.done; next = await rest.next()) {
    yield separator + next.value;
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

/**
 * A JSON array that is written as its items, JSON texts, come. The first item is waited for, so that what fails at once can
 * still be answered with a status.
 */
export async function jsonStream(items: AsyncIterable<string>): Promise<Readable> {
  const iterator = items[Symbol.asyncIterator]();
  return Readable.from(jsonArray(await iterator.next(), iterator), { objectMode: false });
}
