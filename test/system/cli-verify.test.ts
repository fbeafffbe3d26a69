import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAnalysisRecord, writeAnalysisRecord } from '@myelon/pipeline';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { buildCommandLine, myelon } from '../support/command-line';

jest.setTimeout(240_000);

describe('myelon verify', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const verify = (report: string, images: string) => myelon(['verify', report, '--dwi', images, '--json']);

  beforeAll(async () => {
    buildCommandLine();
    folder = mkdtempSync(join(tmpdir(), 'myelon-verify-'));
    for (const [name, seed] of [
      ['images', 5],
      ['others', 6],
    ] as const) {
      mkdirSync(at(name));
      const phantom = cervicalCordPhantom({ size: 'small', seed, snr: 60 });
      phantomDicomFiles(phantom, { encoding: 'enhanced' }).forEach(({ bytes }, index) => {
        writeFileSync(at(name, `${String(index)}.dcm`), bytes);
      });
    }
    const run = await myelon([
      ...['analyze', at('images'), '--out', at('a')],
      ...['--compression-slices', '3', '--replicates', '0'],
    ]);
    expect(run.exitCode).toBe(0);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['record.json', 'sr.dcm'])('says that an untouched %s holds', async (report) => {
    const run = await verify(at('a', report), at('images'));
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    const { holds, compared, moved } = JSON.parse(run.stdout) as Record<string, unknown>;
    expect({ holds, moved }).toEqual({ holds: true, moved: [] });
    expect(compared).toBeGreaterThan(100);
  });

  test('names the one number that was changed, and by how much', async () => {
    const record = readAnalysisRecord(readFileSync(at('a', 'record.json'), 'utf8'), 'record');
    const region = record.regions.find(({ kind }) => kind === 'compression')!;
    const entry = region.statistics.find(({ quantity }) => quantity === 'fa')!;
    if ('missing' in entry) throw new Error('FA is missing');
    entry.mean *= 1.01;
    writeFileSync(at('a', 'changed.json'), writeAnalysisRecord(record));
    const run = await verify(at('a', 'changed.json'), at('images'));
    expect(run.exitCode).toBe(4);
    const { moved } = JSON.parse(run.stdout) as { moved: { reported: number; recomputed: number }[] };
    expect(moved).toHaveLength(1);
    expect(moved[0]!.reported / moved[0]!.recomputed).toBeCloseTo(1.01, 9);
  });

  test('refuses images the report does not rest on, and a report without its outline', async () => {
    const other = await verify(at('a', 'record.json'), at('others'));
    expect(other.exitCode).toBe(3);
    expect(other.stderr).toMatch(/rests on .* which is not there/);
    mkdirSync(at('alone'));
    copyFileSync(at('a', 'sr.dcm'), at('alone', 'sr.dcm'));
    const alone = await verify(at('alone', 'sr.dcm'), at('images'));
    expect(alone.exitCode).toBe(3);
    expect(alone.stderr).toMatch(/no seg\.dcm beside it/);
  });
});
