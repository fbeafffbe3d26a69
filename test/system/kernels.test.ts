import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The kernels are committed as bytes: they must be what their sources say. */
test('compiling the kernels anew gives the bytes that are used', () => {
  const script = join(__dirname, '../../packages/diffusion/assembly/build.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 120_000);
