import { InputRefused } from '@myelon/diffusion';
import { z } from 'zod';
import { analysisRecordSchema, ANALYSIS_RECORD_VERSION, type AnalysisRecord } from './analysis-record';

/**
 * Checks a record that was just made.
 * @throws Error when it breaks the schema: a defect of Myelon, not of the input
 */
export function checkedRecord(record: AnalysisRecord): AnalysisRecord {
  const outcome = analysisRecordSchema.safeParse(record);
  if (!outcome.success)
    throw new Error(`analysis record breaks its schema: ${z.prettifyError(outcome.error)}`);
  return outcome.data;
}

/**
 * Reads a record from its JSON text.
 * @param where name of the file or object, for the error
 * @throws InputRefused when it is not JSON, not a record, or of another version
 */
export function readAnalysisRecord(json: string, where: string): AnalysisRecord {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    throw new InputRefused('not JSON', where, 'give the record.json of an analysis');
  }
  const version = z.object({ schema: z.string(), version: z.string() }).safeParse(content);
  if (version.success && version.data.version !== ANALYSIS_RECORD_VERSION) {
    throw new InputRefused(
      `record version ${version.data.version}, this program reads ${ANALYSIS_RECORD_VERSION}`,
      where,
      'use the version of Myelon that wrote it, or analyse again',
    );
  }
  const outcome = analysisRecordSchema.safeParse(content);
  if (!outcome.success) {
    const [first] = outcome.error.issues;
    const field = first ? `${first.path.join('.') || 'record'}: ${first.message}` : 'unknown field';
    throw new InputRefused(
      `not a whole analysis record (${field})`,
      where,
      'give the record.json of an analysis',
    );
  }
  return outcome.data;
}

/** The record as it is written to disk. */
export function writeAnalysisRecord(record: AnalysisRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
