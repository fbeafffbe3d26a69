import { createHash, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { z } from 'zod';
import { ForPeople } from './for-people';
import { secondsSince, type Progress } from './progress';

/** The demo study is made anew when this changes. */
const demo = { revision: 1, seed: 20260, snr: 30 } as const;
const instancesPerRequest = 100;
/** Failure reason of a STOW answer: an instance of this UID with other content is stored. */
const otherContentStored = 0x0111;

/**
 * Loads the demo study, a simulated cervical cord, into the archive under `root` (DICOMweb). A note in the
 * archive's folder makes later starts skip this; instances that are there already are not stored again.
 */
export async function loadDemoStudy(root: string, archiveFolder: string, progress: Progress): Promise<void> {
  const note = join(archiveFolder, 'demo-study.json');
  const wanted = createHash('sha256').update(JSON.stringify(demo)).digest('hex');
  if ((await readFile(note, 'utf8').catch(() => '')) === wanted) {
    progress('demo', 'the demo study is in the archive');
    return;
  }
  const start = performance.now();
  progress('demo', 'making the demo study (a simulated cervical cord)');
  const phantom = cervicalCordPhantom({ seed: demo.seed, snr: demo.snr });
  const files = phantomDicomFiles(phantom, { encoding: 'classic' });
  let keptOther = 0;
  for (let first = 0; first < files.length; first += instancesPerRequest) {
    const part = files.slice(first, first + instancesPerRequest).map((file) => file.bytes);
    keptOther += await store(root, part);
  }
  await writeFile(note, wanted);
  const older = keptOther > 0 ? `; ${String(keptOther)} of an older demo study were kept` : '';
  progress('demo', `${String(files.length)} images loaded in ${secondsSince(start)}${older}`);
}

const storeAnswer = z.object({
  '00081198': z
    .object({
      Value: z
        .array(z.object({ '00081197': z.object({ Value: z.array(z.number()) }).optional() }))
        .default([]),
    })
    .optional(),
  '00081199': z.object({ Value: z.array(z.unknown()).default([]) }).optional(),
});

/** STOW-RS of some instances. Gives how many were refused because another content has the same UID. */
async function store(root: string, instances: readonly Uint8Array[]): Promise<number> {
  const boundary = randomUUID();
  const parts = instances.flatMap((bytes) => [
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  const answer = await fetch(`${root}/studies`, {
    method: 'POST',
    headers: {
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      accept: 'application/dicom+json',
    },
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  });
  const text = await answer.text();
  const parsed = storeAnswer.safeParse(parseJson(text));
  const failed = parsed.data?.['00081198']?.Value ?? [];
  const stored = parsed.data?.['00081199']?.Value.length ?? 0;
  const keptOther = failed.filter((item) => item['00081197']?.Value[0] === otherContentStored).length;
  if (stored + keptOther !== instances.length) {
    throw new ForPeople(
      `The archive refused the demo study (HTTP ${String(answer.status)}): ${text.slice(0, 500)}\n` +
        'Start with --no-demo to do without it.',
    );
  }
  return keptOther;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
