import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeNeeding, type Need } from './needs';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The folder with real scans. They are not part of the repository; tests on them are skipped without it. */
export const sharedDataFolder = resolve(
  repository,
  process.env['MYELON_SHARED_DATA'] ?? join('..', 'shared', 'data'),
);

/** Path of one data set, e.g. `cord_dti_sct_tutorial`. Call it inside a test, after `needsSharedData`. */
export function sharedData(...path: string[]): string {
  const found = join(sharedDataFolder, ...path);
  if (!existsSync(found)) {
    throw new Error(
      `Test data not found: ${path.join('/')}. Set MYELON_SHARED_DATA to the folder that holds it, or guard the ` +
        'test with describeWithSharedData so that it is skipped aloud.',
    );
  }
  return found;
}

/** As a need of `describeNeeding`. */
export function needsSharedData(name: string): Need {
  return existsSync(join(sharedDataFolder, name))
    ? null
    : `test data ${name} not found (set MYELON_SHARED_DATA)`;
}

/** `describe` for tests on real data sets; skipped, with the reason in the title, when one is absent. */
export function describeWithSharedData(name: string, dataSets: readonly string[], body: () => void): void {
  describeNeeding(name, dataSets.map(needsSharedData), body);
}
