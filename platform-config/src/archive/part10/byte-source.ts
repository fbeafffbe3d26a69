import type { FileHandle } from 'node:fs/promises';

/** Bytes that can be read in pieces, so that big files need not be in memory. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Reads exactly `length` bytes from `offset`; throws RangeError past the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

export function memorySource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || offset + length > bytes.length) {
        return Promise.reject(new RangeError(`no ${String(length)} bytes at ${String(offset)}`));
      }
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

/** The handle stays the caller's to close. */
export function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    async read(offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw new RangeError(`no ${String(length)} bytes at ${String(offset)}`);
        done += bytesRead;
      }
      return bytes;
    },
  };
}

/** The same source with its first bytes kept in memory, so that reading them bit by bit costs one read. */
export async function withStartInMemory(source: ByteSource, bytes: number): Promise<ByteSource> {
  const start = await source.read(0, Math.min(bytes, source.size));
  return {
    size: source.size,
    read: (offset, length) =>
      offset >= 0 && offset + length <= start.length
        ? Promise.resolve(start.subarray(offset, offset + length))
        : source.read(offset, length),
  };
}
