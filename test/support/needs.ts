import { spawnSync } from 'node:child_process';

/** What a test cannot do without: null when it is here, else one line that says what is missing. */
export type Need = string | null;

/** Needs a program on the PATH (`dciodvfy`, `Orthanc` ...). */
export function program(name: string): Need {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name]).status === 0;
  return found ? null : `program ${name} is not installed`;
}

/** Needs a module of the system's Python (`dipy` ...): the one Debian's packages install into. */
export function pythonModule(name: string, python = '/usr/bin/python3'): Need {
  const found = spawnSync(python, ['-c', `import ${name}`]).status === 0;
  return found ? null : `Python module ${name} is not installed for ${python}`;
}

/** Needs a package of R (`pROC` ...). */
export function rPackage(name: string): Need {
  const found = spawnSync('Rscript', ['-e', `library(${name})`], { stdio: 'ignore' }).status === 0;
  return found ? null : `R package ${name} is not installed`;
}

/**
 * `describe`, or a skipped `describe` whose title says what is missing: the test run prints these titles, so
 * nothing is left out in silence.
 */
export function describeNeeding(name: string, needs: readonly Need[], body: () => void): void {
  const missing = needs.filter((need) => need !== null);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  describe.skip(`${name} [skipped: ${missing.join('; ')}]`, body);
}
