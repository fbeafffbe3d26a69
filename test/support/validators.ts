import { spawnSync } from 'node:child_process';

/**
 * The DICOM validators the tests rely on, as `program` names of `needs.ts`. Each finds faults the others miss:
 * dciodvfy attributes and evidence, dsrdump value types and relationships, PixelMed templates.
 */
export const VALIDATORS = {
  dciodvfy: 'dciodvfy',
  dcentvfy: 'dcentvfy',
  dsrdump: 'dsrdump',
  pixelmed: 'DicomSRValidator',
} as const;

/** PixelMed's style sheet needs more XPath operators than the Java default allows. */
const PIXELMED_JAVA_OPTIONS =
  '-Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathTotalOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0';

interface Findings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Everything the tool said. */
  readonly text: string;
}

function run(program: string, args: readonly string[], environment: Record<string, string> = {}): string {
  const { stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 27,
    timeout: 240_000,
  });
  if (error) throw error;
  return `${stdout}\n${stderr}`;
}

function findings(text: string, error: RegExp, warning: RegExp): Findings {
  const lines = text.split('\n').map((line) => line.trim());
  return {
    errors: lines.filter((line) => error.test(line)),
    warnings: lines.filter((line) => warning.test(line)),
    text,
  };
}

/** Attributes against the IOD. Its exit code says nothing; its lines do. */
export function dciodvfy(file: string): Findings {
  return findings(run(VALIDATORS.dciodvfy, [file]), /^Error/, /^Warning/);
}

/** Patient and study consistency across files. */
export function dcentvfy(files: readonly string[]): Findings {
  return findings(run(VALIDATORS.dcentvfy, files), /^Error/, /^Warning/);
}

/** Value types and relationships of a structured report; fails hard on illegal ones. */
export function dsrdump(file: string): Findings {
  return findings(run(VALIDATORS.dsrdump, ['+Pl', file]), /^E:|^F:/, /^W:/);
}

/** Templates of PS3.16. Takes 15 to 35 s; its exit code is always 0. */
export function pixelmedReportValidator(file: string): Findings {
  const text = run(VALIDATORS.pixelmed, [file], { JAVA_TOOL_OPTIONS: PIXELMED_JAVA_OPTIONS });
  if (!/Found/.test(text)) throw new Error(`DicomSRValidator did not validate: ${text.slice(0, 400)}`);
  return findings(text, /^Error/, /^Warning/);
}
