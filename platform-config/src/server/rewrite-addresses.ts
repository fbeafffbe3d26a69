import { Transform } from 'node:stream';

/**
 * Replaces addresses of the PACS in a streamed JSON or XML answer by the path under which the browser reaches it
 * (BulkDataURI, RetrieveURL). Works on bytes and across chunk borders; nothing else is touched.
 *
 * @param from DICOMweb roots as the PACS writes them, without a slash at the end
 * @param to path of the source on our origin, without a slash at the end
 */
export function rewriteAddresses(from: readonly string[], to: string): Transform {
  // JSON may write "/" as "\/"; then the replacement has to follow suit to stay one style.
  const rules = from
    .flatMap((root) => [
      { find: Buffer.from(root), put: Buffer.from(to) },
      { find: Buffer.from(root.replaceAll('/', '\\/')), put: Buffer.from(to.replaceAll('/', '\\/')) },
    ])
    .sort((a, b) => b.find.length - a.find.length);
  // An address ends where a path goes on or the string ends; "http://pacs/dicom-web2" is another one.
  const continues = (byte: number | undefined) =>
    byte !== undefined && '/\\"?#<'.includes(String.fromCharCode(byte));
  const longest = Math.max(...rules.map((rule) => rule.find.length));
  let rest: Buffer = Buffer.alloc(0);

  const replaceIn = (data: Buffer, isLast: boolean): Buffer[] => {
    const pieces: Buffer[] = [];
    let position = 0;
    for (;;) {
      const next = firstOf(rules, data, position);
      if (!next || (!isLast && next.end >= data.length)) break;
      const isAddress = continues(data[next.end]);
      pieces.push(
        data.subarray(position, next.start),
        isAddress ? next.put : data.subarray(next.start, next.end),
      );
      position = next.end;
    }
    const keep = isLast ? data.length : Math.max(position, data.length - longest);
    pieces.push(data.subarray(position, keep));
    rest = data.subarray(keep);
    return pieces;
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const pieces = replaceIn(Buffer.concat([rest, chunk]), false);
      done(null, Buffer.concat(pieces));
    },
    flush(done) {
      done(null, Buffer.concat(replaceIn(rest, true)));
    },
  });
}

interface Rule {
  find: Buffer;
  put: Buffer;
}

function firstOf(
  rules: readonly Rule[],
  data: Buffer,
  from: number,
): { start: number; end: number; put: Buffer } | null {
  let best: { start: number; end: number; put: Buffer } | null = null;
  for (const { find, put } of rules) {
    const start = data.indexOf(find, from);
    if (start >= 0 && (best === null || start < best.start)) best = { start, end: start + find.length, put };
  }
  return best;
}
