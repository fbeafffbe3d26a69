import type { Calibration } from './score/score-model';

/** What goes, word for word, wherever a statement or score from FA and f goes: screen, report, export. */
export function fixedStatements(calibration: Calibration): string[] {
  return [
    'Research use only. Not a medical device. Not for decisions about an individual patient.',
    'Derived from summary statistics of one retrospective single-centre study (n = 105, doi 10.7759/cureus.104234); ' +
      'no coefficients published; not externally validated.',
    "The cut-offs FA 0.41 and f 9.5 % belong to that site's scanner, region of interest and fitting. They are not valid " +
      `here until recalibrated: ${calibrationInWords(calibration)}.`,
    'A low score does not mean that surgery will not help: untreated progression is not predicted, and guidelines ' +
      'recommend surgery in moderate and severe degenerative cervical myelopathy.',
    'Other studies found weaker or opposite associations between FA and recovery.',
  ];
}

function calibrationInWords(calibration: Calibration): string {
  if (calibration.kind === 'not calibrated') return calibration.kind;
  const { patients, site, date } = calibration;
  return `calibrated on ${String(patients)} patients of ${site}, ${date}`;
}

/** The statements without calibration. */
export const FIXED_STATEMENTS: readonly string[] = fixedStatements({ kind: 'not calibrated' });
