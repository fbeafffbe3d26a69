import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DicomWebClient, parsePart10, string, Tag } from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { buildCommandLine, myelon } from '../support/command-line';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { needsPostgres, startPostgres, type RunningPostgres } from '../support/postgres';
import { storeInstances } from '../support/store-instances';

jest.setTimeout(3_600_000);

const program = resolve(__dirname, '../../packages/cli/bin/myelon.mjs');
/** The least work that still makes every kind of object. */
const quick = ['--', '--ivim', 'none', '--replicates', '0'];

/** Stores simulated studies; the `without` ones have no diffusion series. */
async function storeStudies(
  orthanc: RunningOrthanc,
  count: number,
  without: readonly number[] = [],
): Promise<string[]> {
  const phantom = cervicalCordPhantom({ size: 'small', seed: 5, snr: 60 });
  const studies: string[] = [];
  for (let index = 0; index < count; index++) {
    const files = phantomDicomFiles(phantom, {
      encoding: 'enhanced',
      study: { seed: 1000 + index, patientID: `BATCH${String(index)}` },
      without: without.includes(index) ? ['dti', 'ivim'] : ['t2-sagittal', 't2-axial', 'ivim'],
    });
    studies.push(string(parsePart10(files[0]!.bytes).dataset, Tag.StudyInstanceUID)!);
    await storeInstances(
      orthanc.dicomWebUrl,
      files.map(({ bytes }) => bytes),
    );
  }
  return studies;
}

/** Modality of every object that a study got beside its images, sorted. */
async function results(orthanc: RunningOrthanc, study: string): Promise<string[]> {
  const client = new DicomWebClient({ baseUrl: orthanc.dicomWebUrl });
  const series = await client.searchSeries(study, { includefield: ['00201209'] });
  const found = await Promise.all(
    series
      .filter((one) => string(one, Tag.SeriesDescription)?.startsWith('Myelon') ?? false)
      .map(async (one) => {
        const instances = await client.searchInstances(study, string(one, Tag.SeriesInstanceUID)!);
        return instances.map(() => string(one, Tag.Modality)!);
      }),
  );
  return found.flat().sort();
}

describeNeeding('myelon batch over a real Orthanc', [needsOrthanc()], () => {
  let orthanc: RunningOrthanc;
  let folder: string;
  let studies: string[];
  const batch = (...more: string[]) =>
    myelon([
      'batch',
      ...['--dicomweb', orthanc.dicomWebUrl, '--queue', join(folder, 'queue'), '--json', ...more],
    ]);

  beforeAll(async () => {
    buildCommandLine();
    orthanc = await startOrthanc();
    folder = await mkdtemp(join(tmpdir(), 'myelon-batch-test-'));
    studies = await storeStudies(orthanc, 4, [2]);
  });
  afterAll(async () => {
    await orthanc.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('says what it would do, and does nothing', async () => {
    const run = await batch('--dry-run');
    expect(run.exitCode).toBe(0);
    const { wouldAnalyse } = JSON.parse(run.stdout) as { wouldAnalyse: string[] };
    expect(wouldAnalyse.sort()).toEqual([...studies].sort());
    for (const study of studies) expect(await results(orthanc, study)).toEqual([]);
    const other = await batch('--dry-run', '--from', '20990101');
    expect(JSON.parse(other.stdout)).toMatchObject({ found: 0 });
  });

  test('refuses to work for nothing, a wrong date, and a list that is none', async () => {
    await writeFile(join(folder, 'list.txt'), `${studies[0]!}\nDoe^John\n`);
    expect((await batch()).exitCode).toBe(2);
    expect((await batch('--store', '--from', '2026-01-01')).exitCode).toBe(2);
    const list = await batch('--store', '--list', join(folder, 'list.txt'));
    expect(list.exitCode).toBe(3);
    expect(list.stderr).toContain('line 2 is not a UID');
  });

  test('analyses every study, sets aside the one that has no diffusion, with the reason', async () => {
    const run = await batch('--store', '--workers', '2', ...quick);
    expect(run.exitCode).toBe(4);
    const done = JSON.parse(run.stdout) as { analysed: number; setAside: { study: string; why: string }[] };
    expect(done.analysed).toBe(3);
    expect(done.setAside).toHaveLength(1);
    expect(done.setAside[0]!.study).toBe(studies[2]);
    expect(done.setAside[0]!.why).toMatch(/diffusion/);
    expect(run.stderr).toMatch(/\d of 4 studies/);
    for (const [index, study] of studies.entries()) {
      const found = await results(orthanc, study);
      if (index === 2) expect(found).toEqual([]);
      else expect(found).toEqual(expect.arrayContaining(['SEG', 'SR']));
    }
  });

  test('run again it does nothing again; a new study alone is taken in', async () => {
    const before = await Promise.all(studies.map((study) => results(orthanc, study)));
    const again = JSON.parse((await batch('--store', ...quick)).stdout) as Record<string, unknown>;
    expect(again).toMatchObject({ added: 0, analysed: 3 });
    expect(await Promise.all(studies.map((study) => results(orthanc, study)))).toEqual(before);
  });

  test('the same key gives the same bytes, whenever and wherever', async () => {
    const one = (out: string) =>
      myelon([
        ...['analyze', '--dicomweb', orthanc.dicomWebUrl, '--study', studies[0]!],
        ...['--out', join(folder, out), '--identity', 'some key'],
        ...['--created-at', '2026-01-31T10:00:00Z', '--replicates', '0'],
      ]);
    await one('a');
    await one('b');
    for (const file of ['record.json', 'seg.dcm', 'sr.dcm', 'pm-fa.dcm', 'report.pdf', 'pdf.dcm', 'ko.dcm']) {
      const [first, second] = await Promise.all(['a', 'b'].map((out) => readFile(join(folder, out, file))));
      expect({ file, same: first!.equals(second!) }).toEqual({ file, same: true });
    }
  });
});

/** A process of the batch with everything it started, so that both can be killed at once. */
function startWorker(orthanc: RunningOrthanc, postgres: RunningPostgres): ChildProcess {
  return spawn(
    process.execPath,
    [
      ...[program, 'batch', '--dicomweb', orthanc.dicomWebUrl, '--queue', postgres.address],
      ...['--store', '--workers', '1', ...quick],
    ],
    { detached: true, stdio: 'ignore' },
  );
}

/** MYELON_BATCH_STUDIES=200 is the long run. */
const studyCount = Number(process.env['MYELON_BATCH_STUDIES'] ?? 6);

describeNeeding(
  `${String(studyCount)} studies, two workers, and everything killed at random`,
  [needsOrthanc(), needsPostgres()],
  () => {
    test('every study is in the archive once, with one set of results', async () => {
      buildCommandLine();
      const [orthanc, postgres] = await Promise.all([startOrthanc(), startPostgres()]);
      const studies = await storeStudies(orthanc, studyCount);
      const workers = [startWorker(orthanc, postgres), startWorker(orthanc, postgres)];
      let random = 20260131;
      const draw = (below: number) => {
        random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
        return Math.floor((random / 2 ** 32) * below);
      };
      const kills = { worker: 0, postgres: 0, orthanc: 0 };
      const complete = async () => {
        const found = await Promise.all(
          studies.map((study) => results(orthanc, study).catch((): string[] => [])),
        );
        return found.filter((objects) => objects.includes('KO')).length;
      };
      for (let round = 0; round < studyCount; round++) {
        await wait(1_500 + draw(2_500));
        const which = draw(4);
        if (which === 0) {
          await postgres.kill();
          await wait(500);
          await postgres.startAgain();
          kills.postgres += 1;
        } else if (which === 1) {
          await orthanc.restart('killed');
          kills.orthanc += 1;
        } else {
          const slot = draw(2);
          endGroup(workers[slot]!);
          workers[slot] = startWorker(orthanc, postgres);
          kills.worker += 1;
        }
        if (round > 4 && (await complete()) === studies.length) break;
      }
      // Left in peace, one more run finishes what is left; it ends when nothing waits and nothing runs.
      for (const worker of workers) endGroup(worker);
      await wait(500);
      const last = await myelon([
        ...['batch', '--dicomweb', orthanc.dicomWebUrl, '--queue', postgres.address, '--retry-set-aside'],
        ...['--store', '--workers', '2', '--json', ...quick],
      ]);
      console.log(`killed: ${JSON.stringify(kills)}`);
      const done = JSON.parse(last.stdout) as { analysed: number; setAside: unknown[] };
      expect(done).toMatchObject({ analysed: studyCount, setAside: [] });
      const expected = await results(orthanc, studies[0]!);
      expect(expected).toEqual(expect.arrayContaining(['SEG', 'SR', 'KO']));
      for (const study of studies) {
        expect({ study, objects: await results(orthanc, study) }).toEqual({ study, objects: expected });
      }
      await Promise.all([orthanc.stop(), postgres.stop()]);
    });
  },
);

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGKILL');
}
