import { InputRefused } from '@myelon/diffusion';
import { decodeText } from './decode-text';
import { isRescanCsv, readRescanCsv } from './read-rescan-csv';
import { readCohortCsv, type CohortCsvOptions } from './read-cohort-csv';

const HEADER = 'subject_id,pre_mjoa_total,post_mjoa_total,fa,adc_1e3_mm2_s,ivim_f_pct';
const ROWS = ['A,10,14,0.45,1.2,10.5', 'B,12,13,0.33,1.4,8', 'C,18,18,0.5,1.1,11', 'D,12,9,0.31,1.5,7.5'];
const csv = (...rows: string[]) => [HEADER, ...rows].join('\n');
const read = (text: string, options: Partial<CohortCsvOptions> = {}) =>
  readCohortCsv(text, { where: 'site.csv', ...options });

function refusal(text: string, options: Partial<CohortCsvOptions> = {}): string {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof InputRefused) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}

describe('readCohortCsv', () => {
  const expected = [
    { id: 'A', recoveryRatePercent: 50, good: true, fa: 0.45, adc: 1.2, ivimFPercent: 10.5 },
    { id: 'B', recoveryRatePercent: 100 / 6, good: false, fa: 0.33, adc: 1.4, ivimFPercent: 8 },
    { id: 'C', recoveryRatePercent: null, good: null, fa: 0.5, adc: 1.1, ivimFPercent: 11 },
    { id: 'D', recoveryRatePercent: -50, good: false, fa: 0.31, adc: 1.5, ivimFPercent: 7.5 },
  ];

  it.each<[string, string]>([
    ['commas and points', csv(...ROWS)],
    [
      'semicolons and decimal commas',
      csv(...ROWS)
        .replaceAll(',', ';')
        .replaceAll('.', ','),
    ],
    ['tabs and a byte order mark', `\uFEFF${csv(...ROWS).replaceAll(',', '\t')}`],
    [
      "Excel's first line",
      `sep=;\r\n${csv(...ROWS)
        .replaceAll(',', ';')
        .replaceAll('\n', '\r\n')}`,
    ],
    [
      'quotes, spaces, empty rows at the end',
      `${csv(...ROWS).replaceAll(/([^,\n]+)/g, '" $1 "')}\n,,,,,\n\n`,
    ],
    ['quoted decimal commas between commas', csv(...ROWS).replaceAll(/(\d+)\.(\d+)/g, '"$1,$2"')],
  ])('reads %s', (_, text) => {
    const { patients, mjoaVersion } = read(text);
    expect(mjoaVersion).toBe('mjoa-18');
    expect(patients).toHaveLength(4);
    patients.forEach((patient, i) => expect(patient).toMatchObject(expected[i] ?? {}));
  });

  it('takes the columns in any order, and the outcome from what there is', () => {
    const { patients } = read('FA;Recovery rate pct\n0,4;75\n0,3;20');
    expect(patients.map(({ good, recoveryRatePercent }) => [good, recoveryRatePercent])).toEqual([
      [true, 75],
      [false, 20],
    ]);
    expect(read('good_recovery,fa\n1,0.5\n0,0.3').patients.map(({ good }) => good)).toEqual([true, false]);
  });

  it('leaves missing cells missing, whatever they are called', () => {
    const { patients } = read(csv('A,10,,0.45,NA,n/a', 'B,12,13,-,1.4,.'));
    expect(patients[0]).toMatchObject({
      postMjoa: null,
      recoveryRatePercent: null,
      adc: null,
      ivimFPercent: null,
    });
    expect(patients[1]).toMatchObject({ fa: null, ivimFPercent: null, good: false });
  });

  it('adds up items where there is no total, and leaves an incomplete sum undefined', () => {
    const items = 'pre_mjoa_ue,pre_mjoa_le,pre_mjoa_sensory,pre_mjoa_sphincter';
    const header = `${items},post_mjoa_total,fa`;
    const { patients } = read(`${header}\n4,5,2,3,16,0.4\n4,,2,3,16,0.4`);
    expect(patients.map(({ preMjoa }) => preMjoa)).toEqual([14, null]);
    expect(refusal(`${header}\n6,5,2,3,16,0.4`)).toMatch(/row 2, column pre_mjoa_\*: .*0 to 5/);
  });

  it('reads 17-point scores when told to, and the same patient crosses 50 % by it', () => {
    const rate = (options: Partial<CohortCsvOptions>) =>
      read(csv('A,10,14,0.45,1.2,10'), options).patients[0]?.recoveryRatePercent;
    expect(rate({})).toBe(50);
    expect(rate({ mjoaVersion: 'mjoa-17' })).toBeCloseTo(57.142857, 6);
  });

  it('reads fractions of f when the column or the person says so', () => {
    expect(read('fa,f_fraction,good_recovery\n0.4,0.095,1').patients[0]?.ivimFPercent).toBeCloseTo(9.5, 12);
    const text = 'fa,ivim_f_pct,good_recovery\n0.4,0.095,1';
    expect(read(text, { fUnit: 'fraction' }).patients[0]?.ivimFPercent).toBeCloseTo(9.5, 12);
    expect(read(text, { fUnit: 'percent' }).patients[0]?.ivimFPercent).toBe(0.095);
  });

  it('says when scanners are pooled and when a stated outcome is not used', () => {
    const { remarks } = read(
      'pre_mjoa_total,post_mjoa_total,good_recovery,fa,scanner_id\n18,18,1,0.4,S1\n10,15,1,0.5,S2',
    );
    expect(remarks).toEqual([
      expect.stringMatching(/1 rows state/),
      expect.stringMatching(/2 scanners are pooled \(S1, S2\)/),
    ]);
  });
});

describe('readCohortCsv refuses, naming row and column', () => {
  it.each<[string, string, RegExp]>([
    ['FA in per cent', csv(ROWS[0]!, 'B,12,13,33,1.4,8'), /row 3, column fa: FA 33 .*per cent.*fraction/],
    [
      'f as a fraction in one row',
      csv(ROWS[0]!, 'B,12,13,0.33,1.4,0.08'),
      /row 3, column ivim_f_pct: f 0.08 looks like a fraction.*--f-unit/,
    ],
    ['ADC in 10^-6', csv('A,10,14,0.45,1200,10'), /row 2, column adc_1e3_mm2_s: .*10\^-6 mm2\/s/],
    ['ADC in mm2/s', csv('A,10,14,0.45,0.0012,10'), /is that mm2\/s/],
    [
      'decimal commas between commas',
      csv('A,10,14,0,45,1,2,10,5'),
      /row 2: 9 cells under 6 .*decimal commas/,
    ],
    [
      'both decimal signs',
      csv('A,10,14,0.45,1.2,"10,5"'),
      /decimal points and decimal commas: "0.45" \(row 2, fa\) and "10,5"/,
    ],
    ['a date', csv('A,10,14,05. Apr,1.2,10'), /row 2, column fa: "05. Apr" is a date/],
    ['another date', csv('A,10,14,0.45,2026-01-02,10'), /column adc_1e3_mm2_s: "2026-01-02" is a date/],
    ['a month', csv('A,10,14,0.45,1.2,Mai 68'), /"Mai 68" is a date/],
    ['a formula', csv('A,10,14,=D2*2,1.2,10'), /is a formula.*save values/],
    [
      'an error of the spreadsheet',
      csv('A,10,14,#DIV/0!,1.2,10'),
      /"#DIV\/0!" is an error of the spreadsheet/,
    ],
    ['words', csv('A,10,14,about 0.4,1.2,10'), /"about 0.4" is not a number/],
    [
      'mJOA above the maximum',
      csv('A,10,19,0.45,1.2,10'),
      /column post_mjoa_total: mJOA 19 is not between 0 and 18/,
    ],
    ['half points', csv('A,10.5,14,0.45,1.2,10'), /mJOA 10.5 is not a whole number/],
    ['a negative score', csv('A,-1,14,0.45,1.2,10'), /mJOA -1 is not between/],
    [
      'the same patient twice',
      csv(ROWS[0]!, ROWS[0]!),
      /row 3, column subject_id: patient A is in row 2 already/,
    ],
    ['two columns of one name', 'fa,FA,good_recovery\n0.4,0.5,1', /two columns are named FA/],
    ['no outcome', 'fa,age\n0.4,50', /no column for an outcome .*found: fa, age/],
    ['no patient', HEADER, /a header and no patient/],
    ['nothing at all', '', /no header/],
    ['broken quotes', `${HEADER}\nA,10,14,"0.45,1.2,10`, /broken quotes/],
    [
      'mixed versions, by what the file says',
      'mjoa_max,pre_mjoa_total,post_mjoa_total,fa\n18,10,14,0.4\n17,10,14,0.4',
      /versions of mJOA are mixed: mjoa-18 and mjoa-17/,
    ],
    [
      'mixed versions, by the rates it states',
      'pre_mjoa_total,post_mjoa_total,recovery_rate_pct,fa\n10,14,50,0.4\n10,14,57.1,0.4',
      /row 3, column recovery_rate_pct: recovery rate 57.1 %, which is right on a 17-point scale.*--mjoa/,
    ],
    [
      'rates as fractions',
      'pre_mjoa_total,post_mjoa_total,recovery_rate_pct,fa\n10,14,0.5,0.4',
      /a fraction; totals 10 and 14 of 18 give 50.0 %/,
    ],
    [
      'rates as fractions without scores',
      'recovery_rate_pct,fa\n0.5,0.4\n0.75,0.4\n1,0.3',
      /look like fractions/,
    ],
    [
      'an outcome against the scores',
      'pre_mjoa_total,post_mjoa_total,good_recovery,fa\n10,14,0,0.4',
      /good_recovery 0, but the recovery rate is 50.0 %/,
    ],
    [
      'f of several fits',
      'good_recovery,fa,ivim_f_pct,ivim_fit\n1,0.4,9,segmented\n0,0.3,8,bayesian',
      /different fits are mixed: segmented, bayesian/,
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toMatch(message);
    expect(refusal(text)).not.toMatch(/\n/);
  });
});

describe('decodeText', () => {
  const text = 'subject_id;fa\nMüller;0,4';
  it.each<[string, Uint8Array]>([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with a byte order mark', new TextEncoder().encode(`\uFEFF${text}`)],
    ['UTF-16 as Excel writes it', Uint8Array.from(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
    ['Windows-1252', Uint8Array.from(Buffer.from(text, 'latin1'))],
  ])('reads %s', (_, bytes) => {
    expect(decodeText(bytes, 'site.csv').replace(/^\uFEFF/, '')).toBe(text);
  });

  it('refuses spreadsheets and other binary files', () => {
    expect(() => decodeText(Uint8Array.of(0x50, 0x4b, 3, 4), 'a.xlsx')).toThrow(/a.xlsx: a spreadsheet file/);
    expect(() => decodeText(Uint8Array.of(1, 0, 2), 'a.bin')).toThrow(/not text/);
  });
});

describe('scan and rescan', () => {
  it('is told from a cohort by its columns; a pair with one value missing is left out', () => {
    const text = 'subject_id;fa_1;fa_2;f_pct_1;f_pct_2\nA;0,4;0,42;9;10\nB;0,5;;8;9\nC;0,3;0,31;;';
    expect(isRescanCsv(text, 'pairs.csv')).toBe(true);
    expect(isRescanCsv(csv(...ROWS), 'site.csv')).toBe(false);
    const [fa, f] = readRescanCsv(text, 'pairs.csv');
    expect([...fa!.first]).toEqual([0.4, 0.3]);
    expect([...f!.second]).toEqual([10, 9]);
  });
});
