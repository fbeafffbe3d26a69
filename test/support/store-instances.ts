import { randomUUID } from 'node:crypto';

/** Stores Part 10 files by STOW-RS under a DICOMweb root; throws unless the server lists all as stored. */
export async function storeInstances(
  root: string,
  files: readonly Uint8Array[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const boundary = randomUUID();
  const parts = files.flatMap((bytes) => [
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  const answer = await fetch(`${root}/studies`, {
    method: 'POST',
    headers: {
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      accept: 'application/dicom+json',
      ...headers,
    },
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  });
  const text = await answer.text();
  const stored = answer.ok
    ? ((JSON.parse(text) as { '00081199'?: { Value?: unknown[] } })['00081199']?.Value?.length ?? 0)
    : 0;
  if (stored !== files.length) {
    throw new Error(
      `STOW of ${String(files.length)} files: HTTP ${String(answer.status)} ${text.slice(0, 500)}`,
    );
  }
}
