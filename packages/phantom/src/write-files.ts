import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { phantomDicomFiles, type DicomEncoding } from './dicom/phantom-dicom';
import { cervicalCordPhantom } from './phantom';

const USAGE = `npm run phantom -- --out DIR [--encoding classic|enhanced|mosaic|tiles] [--seed n] [--snr n] [--size full|small]
                            [--no-compression]`;

/** Writes the phantom study to a folder, for people. */
function main(): void {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      encoding: { type: 'string', default: 'classic' },
      seed: { type: 'string', default: '1' },
      snr: { type: 'string', default: '30' },
      size: { type: 'string', default: 'full' },
      'no-compression': { type: 'boolean', default: false },
    },
  });
  const { out, encoding, size } = values;
  const known = out !== undefined && isEncoding(encoding) && ['full', 'small'].includes(size);
  if (!known) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const phantom = cervicalCordPhantom({
    seed: Number(values.seed),
    snr: Number(values.snr),
    size: size === 'small' ? 'small' : 'full',
    compression: !values['no-compression'],
  });
  const files = phantomDicomFiles(phantom, { encoding });
  for (const { path, bytes } of files) {
    const target = join(out, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  process.stdout.write(`${String(files.length)} files in ${out}\n`);
}

function isEncoding(text: string): text is DicomEncoding {
  return ['classic', 'enhanced', 'mosaic', 'tiles'].includes(text);
}

main();
