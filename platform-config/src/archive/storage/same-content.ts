import type { Part10File } from '../part10/part10-file';
import type { ByteSource } from '../part10/byte-source';

const chunkBytes = 1 << 20;

/** An opened file together with its own bytes (which differ from its data set's when that is deflated). */
export interface OpenedFile {
  readonly part10: Part10File;
  readonly bytes: ByteSource;
}

/**
 * Whether two files hold the same data set in the same encoding. Preamble and meta information may differ: they
 * say which program sent the file.
 */
export async function haveSameContent(a: OpenedFile, b: OpenedFile): Promise<boolean> {
  if (a.part10.transferSyntaxUID !== b.part10.transferSyntaxUID) return false;
  const [startA, startB] = [a.part10.dataSetOffset, b.part10.dataSetOffset];
  const length = a.bytes.size - startA;
  if (length !== b.bytes.size - startB) return false;
  for (let done = 0; done < length; done += chunkBytes) {
    const size = Math.min(chunkBytes, length - done);
    const [left, right] = await Promise.all([
      a.bytes.read(startA + done, size),
      b.bytes.read(startB + done, size),
    ]);
    if (!left.equals(right)) return false;
  }
  return true;
}
