import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { failureReasons, type ArchiveHandle } from './archive';
import { ForPeople } from './for-people';
import { secondsSince, type Progress } from './progress';

/** The demo study: a simulated patient, the same on every computer. Raise the revision to have it loaded anew. */
const demo = { revision: 1, seed: 1, snr: 30, encoding: 'classic' } as const;
const storedAtOnce = 32;

/**
 * Loads the demo study into the archive. A note in the archive's folder makes later starts skip it, also when
 * somebody has removed the study since; instances that are there already are not stored again.
 */
export async function loadDemoStudy(
  archive: ArchiveHandle,
  archiveFolder: string,
  progress: Progress,
): Promise<void> {
  const note = join(archiveFolder, 'demo-study.txt');
  const wanted = createHash('sha256').update(JSON.stringify(demo)).digest('hex');
  if ((await readFile(note, 'utf8').catch(() => '')) === wanted) return;
  const start = performance.now();
  progress('demo', 'simulating the demo study (a cervical cord with a compression)');
  const phantom = cervicalCordPhantom({ seed: demo.seed, snr: demo.snr });
  const files = phantomDicomFiles(phantom, { encoding: demo.encoding });
  let keptOlder = 0;
  for (let first = 0; first < files.length; first += storedAtOnce) {
    const part = files.slice(first, first + storedAtOnce);
    const outcomes = await Promise.all(part.map((file) => archive.storeFile(file.bytes)));
    for (const outcome of outcomes) {
      if (outcome.status !== 'failed') continue;
      if (outcome.reason !== failureReasons.duplicateSopInstance) {
        throw new ForPeople(
          `The archive refused the demo study: ${outcome.message}\nStart with --no-demo to do without it.`,
        );
      }
      keptOlder += 1;
    }
  }
  await writeFile(note, wanted);
  const older = keptOlder > 0 ? `; ${String(keptOlder)} images of an older demo study were kept` : '';
  progress('demo', `${String(files.length)} images loaded in ${secondsSince(start)}${older}`);
}
