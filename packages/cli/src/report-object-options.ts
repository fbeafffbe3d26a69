import { REPORT_CLASSES, type ReportClass } from '@myelon/dicom';
import {
  DEFAULT_REPORT_OPTIONS,
  missingCompanion,
  REPORT_OBJECTS,
  type ReportObject,
  type ReportOptions,
} from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import { BadUsage } from './exit-code';

/** Which DICOM objects are made, and how. */
export interface ReportObjectOptions {
  readonly objects?: readonly ReportObject[];
  readonly srClass?: ReportClass;
}

/** Adds --objects and --sr-class. */
export function addReportObjectOptions(command: Command): Command {
  const kinds = Object.entries(REPORT_OBJECTS).map(([kind, what]) => `${kind} ${what}`);
  return command
    .addOption(
      new Option(
        '--objects <list>',
        `DICOM objects to make: ${kinds.join('; ')} (default: ${DEFAULT_REPORT_OPTIONS.objects.join(',')})`,
      ).argParser(parseObjects),
    )
    .addOption(
      new Option('--sr-class <class>', 'SOP class of the reports; archives of old know enhanced only')
        .choices(Object.keys(REPORT_CLASSES))
        .default(DEFAULT_REPORT_OPTIONS.reportClass),
    );
}

export function reportOptions({ objects, srClass }: ReportObjectOptions): ReportOptions {
  return {
    objects: objects ?? DEFAULT_REPORT_OPTIONS.objects,
    reportClass: srClass ?? DEFAULT_REPORT_OPTIONS.reportClass,
  };
}

function parseObjects(text: string): readonly ReportObject[] {
  const known = Object.keys(REPORT_OBJECTS) as ReportObject[];
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !known.some((kind) => kind === name));
  if (unknown.length > 0)
    throw new BadUsage(`--objects ${text}: ${unknown.join(', ')} is none of ${known.join(', ')}`);
  const objects = known.filter((kind) => asked.includes(kind));
  const missing = missingCompanion(objects);
  if (missing) throw new BadUsage(`--objects ${text}: ${missing}`);
  return objects;
}
