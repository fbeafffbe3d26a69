/**
 * `npm test`: sets up what the tests need and runs everything. The last line is the count over all of it.
 * Needs Node alone.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDebianPackages } from './run/debian-packages.mjs';
import { readJestResults, reasonsOf } from './run/jest-results.mjs';

const repository = fileURLToPath(new URL('..', import.meta.url));
const output = join(repository, 'test', 'output');
const minute = 60_000;
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];

async function main() {
  installDebianPackages();
  // By address: names of packages resolve only after this.
  const install = new URL('../platform-config/src/launch/install.mjs', import.meta.url);
  const { installPackages } = await import(install.href);
  await installPackages(repository);
  process.env.CI = 'true';
  process.env.MYELON_NO_INSTALL = '1';
  mkdirSync(output, { recursive: true });
  const bin = (name, path) => [join(repository, 'node_modules', name, path)];
  await check('typecheck', [...bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.json'], 10);
  await check('eslint', [...bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'], 10);
  await check('prettier', [...bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'], 5);
  await check('build', [...bin('webpack', 'bin/webpack.js'), '--config', 'webpack.config.mjs'], 10);
  await check('viewer', ['--import', 'tsx', 'platform-config/src/launch/prepare.ts'], 10);
  await jest('unit', 'unit', ['--maxWorkers=2'], 10);
  const inBrowser = 'test/(e2e|panel)/';
  await jest('system', 'system', ['--maxWorkers=2', `--testPathIgnorePatterns=${inBrowser}`], 30);
  // One at a time: a browser that draws in software takes both cores.
  await jest('browser', 'system', ['--maxWorkers=1', `--testPathPatterns=${inBrowser}`], 30);
}

/** A step that passes or fails as one. */
async function check(name, args, minutes) {
  const { code, seconds } = await run(name, args, minutes);
  const passed = code === 0;
  total[passed ? 'passed' : 'failed'] += 1;
  if (!passed) failures.push(name);
  console.log(`  ${name.padEnd(9)} ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
}

async function jest(name, project, args, minutes) {
  const file = join(output, `jest-${name}.json`);
  rmSync(file, { force: true });
  const program = join(repository, 'node_modules', 'jest', 'bin', 'jest.js');
  const common = ['--selectProjects', project, '--ci', '--json', `--outputFile=${file}`];
  const { code, seconds } = await run(name, [program, ...common, ...args], minutes, 'ignore');
  const result = readJestResults(file, name);
  if (code !== 0 && result.failed === 0) {
    result.failed = 1;
    result.failures.push(`${name}: jest ended with exit code ${code}`);
  }
  for (const key of Object.keys(total)) total[key] += result[key];
  failures.push(...result.failures);
  skips.push(...result.skips);
  console.log(`  ${name.padEnd(9)} ${result.passed} passed, ${result.failed} failed in ${seconds} s`);
}

/** Runs Node with these arguments, without stdin; ends it and all it started when it takes too long. */
function run(name, args, minutes, stdout = 'inherit') {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: repository,
    stdio: ['ignore', stdout, 'inherit'],
    detached: process.platform !== 'win32',
  });
  const end = () => {
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // Nothing is left of it.
    }
  };
  const onSignal = () => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      console.error(`${name} took longer than ${minutes} minutes and was ended.`);
      end();
    }, minutes * minute);
    const done = (code) => {
      clearTimeout(timer);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      resolve({ code, seconds: Math.round((performance.now() - start) / 1000) });
    };
    child.once('error', () => done(null));
    child.once('close', done);
  });
}

let crashed = null;
try {
  await main();
} catch (error) {
  crashed = error;
  total.failed += 1;
  failures.push(error?.message ?? String(error));
}
if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join('\n  ')}`);
if (skips.length > 0) console.log(`\nSkipped:\n  ${reasonsOf(skips).join('\n  ')}`);
if (crashed) console.error(crashed);
process.exitCode = total.failed > 0 ? 1 : 0;
// stderr first, so that this is the last line of both.
process.stderr.write('', () => {
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
});
