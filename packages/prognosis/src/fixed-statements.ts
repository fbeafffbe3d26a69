/** What goes, word for word, wherever the FA + f statement goes: screen, report, export. */
export const FIXED_STATEMENTS: readonly string[] = [
  'Research use only. Not a medical device. Not for decisions about an individual patient.',
  'Derived from summary statistics of one retrospective single-centre study (n = 105, doi 10.7759/cureus.104234); ' +
    'no coefficients published; not externally validated.',
  "The cut-offs FA 0.41 and f 9.5 % belong to that site's scanner, region of interest and fitting. They are not valid " +
    'here until recalibrated: not calibrated.',
  'A low score does not mean that surgery will not help: untreated progression is not predicted, and guidelines ' +
    'recommend surgery in moderate and severe degenerative cervical myelopathy.',
  'Other studies found weaker or opposite associations between FA and recovery.',
];
