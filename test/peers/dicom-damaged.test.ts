import { describeWithSharedData } from '../support/shared-data';
import { fuzz, LONGEST_MS, REAL_NAMES, realSources, simulatedSources, type FuzzOutcomes } from './dicom-fuzz';

/** Short unless `npm run fuzz` asks for more. */
const RUNS = Number(process.env['MYELON_FUZZ_RUNS'] ?? 300);

function expectBoth({ volume, refused, slowestMs, largestGrowthBytes }: FuzzOutcomes): void {
  const mebibytes = (largestGrowthBytes / 2 ** 20).toFixed(0);
  process.stderr.write(
    `${String(volume)} read, ${String(refused)} refused; slowest ${slowestMs.toFixed(0)} ms, ${mebibytes} MiB more\n`,
  );
  expect(refused).toBeGreaterThan(0);
  expect(volume).toBeGreaterThan(0);
}

describe('damaged files of our own', () => {
  test(
    `each of ${String(RUNS)} gives a volume or a named refusal, in time, within memory`,
    async () => {
      expectBoth(await fuzz(simulatedSources(), RUNS));
    },
    RUNS * LONGEST_MS,
  );
});

describeWithSharedData('damaged files of real scanners', REAL_NAMES, () => {
  test(
    `each of ${String(RUNS)} gives a volume or a named refusal, in time, within memory`,
    async () => {
      expectBoth(await fuzz(realSources(), RUNS));
    },
    RUNS * LONGEST_MS,
  );
});
