/**
 * How fast the embedded archive is beside Orthanc, on the same files: node --import tsx test/benchmarks/archive.ts
 * The archive runs in a process of its own, as Orthanc does. Numbers compare only within one run.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createArchive } from '@myelon/platform-config/archive';
import { store } from '../conformance/dicomweb-contract-client';
import { smallImage } from '../conformance/dicomweb-contract-files';
import { needsOrthanc, startOrthanc } from '../support/orthanc';

const concurrency = 6;
const secondsEach = 4;
const rows = 320;
const slices = 24;
const here = dirname(fileURLToPath(import.meta.url));

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

async function startEmbedded(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'myelon-archive-'));
  const script = join(here, '..', 'conformance', 'dicomweb-contract-server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
  });
  const stop = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

/** Five studies of one series of 320 x 320 slices, 205 kB each. */
function studies(): Buffer[][] {
  const pixels = Array.from({ length: rows * rows }, (_, index) => (index * 31) % 4096);
  return Array.from({ length: 5 }, (_, study) =>
    Array.from({ length: slices }, (_, slice) =>
      smallImage(study + 1, 1, slice + 1, {
        '00280010 US': [rows],
        '00280011 US': [rows],
        '7FE00010 OW': pixels,
      }),
    ),
  );
}

async function requestsPerSecond(urls: readonly string[], accept: string): Promise<number> {
  const end = performance.now() + secondsEach * 1000;
  let done = 0;
  const worker = async () => {
    while (performance.now() < end) {
      const answer = await fetch(urls[done % urls.length] ?? '', { headers: { accept } });
      if (!answer.ok) throw new Error(`HTTP ${String(answer.status)}`);
      await answer.arrayBuffer();
      done++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return done / secondsEach;
}

async function measure(name: string, server: Server): Promise<void> {
  const all = studies();
  const start = performance.now();
  for (const files of all) {
    const { listed } = await store(server.url, files);
    if (listed !== files.length) throw new Error('not all files were stored');
  }
  const storeSeconds = (performance.now() - start) / 1000;
  const series = all.map(
    (_, study) => `${server.url}/studies/2.25.${String(study + 1)}/series/2.25.${String(study + 1)}.1`,
  );
  const frames = series.flatMap((url, study) =>
    Array.from(
      { length: slices },
      (_, slice) => `${url}/instances/2.25.${String(study + 1)}.1.${String(slice + 1)}/frames/1`,
    ),
  );
  const json = 'application/dicom+json';
  const search = await requestsPerSecond([`${server.url}/studies?limit=101&includefield=00081030`], json);
  const metadata = await requestsPerSecond(
    series.map((url) => `${url}/metadata`),
    json,
  );
  const pixels = await requestsPerSecond(
    frames,
    'multipart/related; type="application/octet-stream"; transfer-syntax=*',
  );
  const columns = [search, metadata, pixels].map((value) => value.toFixed(0).padStart(10));
  console.log(`${name.padEnd(18)}${columns.join('')}${storeSeconds.toFixed(2).padStart(12)}`);
}

/** Files put into the folder of the archive without it, as after a restore from a backup. */
async function measureStart(instances: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'myelon-archive-'));
  const perSeries = 200;
  for (let index = 0; index < instances; index++) {
    const [study, instance] = [Math.floor(index / perSeries) + 1, (index % perSeries) + 1];
    const series = join(folder, 'studies', `2.25.${String(study)}`, `2.25.${String(study)}.1`);
    if (instance === 1) await mkdir(series, { recursive: true });
    const path = join(series, `2.25.${String(study)}.1.${String(instance)}.dcm`);
    await writeFile(path, smallImage(study, 1, instance));
  }
  const timed = async () => {
    const start = performance.now();
    const archive = await createArchive({ folder });
    const seconds = (performance.now() - start) / 1000;
    if (archive.counts().instances !== instances) throw new Error('instances are missing');
    await archive.close();
    return seconds.toFixed(1);
  };
  console.log(
    `\nstart with ${String(instances)} instances: ${await timed()} s reading all files, ${await timed()} s from the journal`,
  );
  await rm(folder, { recursive: true, force: true });
}

console.log(`${String(concurrency)} requests at a time, ${String(secondsEach)} s each`);
console.log(
  `${''.padEnd(18)}${['studies/s', 'series/s', 'frames/s'].map((head) => head.padStart(10)).join('')}${'STOW 25 MB, s'.padStart(14)}`,
);
const embedded = await startEmbedded();
await measure('embedded archive', embedded).finally(() => embedded.stop());
const missing = needsOrthanc();
if (missing === null) {
  const orthanc = await startOrthanc();
  await measure('Orthanc', { url: orthanc.dicomWebUrl, stop: orthanc.stop }).finally(() => orthanc.stop());
} else {
  console.log(`Orthanc skipped: ${missing}`);
}
await measureStart(20_000);
