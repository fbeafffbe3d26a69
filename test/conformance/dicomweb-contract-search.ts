import { smallImage } from './dicomweb-contract-files';
import { column, found, getJson, store } from './dicomweb-contract-client';
import type { RunningServer, ServerUnderTest } from './dicomweb-contract-servers';

const kanji = Buffer.concat([
  Buffer.from('Yamada^Tarou='),
  Buffer.from('1b2442' + '3b334544' + '1b2842' + '5e' + '1b2442' + '42404f3a' + '1b2842', 'hex'),
]);

/** Studies 1 to 6: Doe^Jane (two MR series), Roe^Richard, Doe^John (SR and SEG), and three of other scripts. */
const files = [
  smallImage(1, 1, 1),
  smallImage(1, 1, 2),
  smallImage(1, 2, 1),
  smallImage(2, 1, 1, { '00100010 PN': 'Roe^Richard', '00080020 DA': '20230601' }),
  smallImage(3, 1, 1, { '00080060 CS': 'SR', '00100010 PN': 'Doe^John', '00080020 DA': '20240301' }),
  smallImage(3, 2, 1, { '00080060 CS': 'SEG', '00100010 PN': 'Doe^John', '00080020 DA': '20240301' }),
  smallImage(4, 1, 1, { '00080005 CS': '\\ISO 2022 IR 87', '00100010 PN': kanji, '00080020 DA': '20220101' }),
  smallImage(5, 1, 1, {
    '00100010 PN': Buffer.from('Müller^Jürg', 'latin1'),
    '00081030 LO': 'Knee',
    '00080020 DA': '20220102',
  }),
  smallImage(6, 1, 1, {
    '00080005 CS': 'GB18030',
    '00100010 PN': Buffer.from('57616e673dcdf55ed0a1b6ab', 'hex'),
    '00080020 DA': '20220103',
  }),
];

const studies = (...numbers: number[]) => numbers.map((number) => `2.25.${number}`);

function describeMatching(root: () => string, { differences }: ServerUnderTest): void {
  const matches: [string, string[]][] = [
    ['', studies(1, 2, 3, 4, 5, 6)],
    ['PatientName=Doe^Jane', studies(1)],
    ['PatientName=doe*', studies(1, 3)],
    ['PatientName=*j?n*', studies(1)],
    ['00100020=P2', studies(2)],
    ['PatientID=P*', studies(1, 2, 3, 4, 5, 6)],
    ['AccessionNumber=ACC3', studies(3)],
    ['StudyDate=20240115', studies(1)],
    ['StudyDate=20230601-20240115', studies(1, 2)],
    ['StudyDate=20240116-', studies(3)],
    ['StudyDate=-20221231', studies(4, 5, 6)],
    ['StudyInstanceUID=2.25.1,2.25.3', studies(1, 3)],
    ['StudyDescription=*SPINE', studies(1, 2, 3, 4, 6)],
    ['ModalitiesInStudy=SEG', studies(3)],
    ['PatientName=doe*&ModalitiesInStudy=MR', studies(1)],
    ['PatientName=Nobody', []],
    ['PatientName=*', studies(1, 2, 3, 4, 5, 6)],
    ['PatientName=', studies(1, 2, 3, 4, 5, 6)],
    // Special characters of regular expressions are plain characters.
    ['PatientName=Doe.Jane', []],
    ['PatientName=(D%7CR)oe', []],
  ];
  it.each(matches)('finds studies by "%s"', async (query, expected) => {
    expect(await found(root(), `/studies?${query}`)).toEqual(expected);
  });

  it('finds studies by lists with backslashes', async () => {
    const expected = differences.backslashLists ? studies(3) : [];
    expect(await found(root(), '/studies?ModalitiesInStudy=SR%5CSEG')).toEqual(expected);
  });

  it('finds names of other scripts', async () => {
    const expected = differences.ideographicWildcards ? studies(4) : [];
    expect(await found(root(), `/studies?PatientName=${encodeURIComponent('*山田*')}`)).toEqual(expected);
  });

  it('finds studies by what their series have', async () => {
    expect(await found(root(), '/studies?Modality=SEG')).toEqual(
      differences.keysBelowLevel ? studies(3) : [],
    );
  });

  it('refuses a limit that is no number', async () => {
    expect((await fetch(`${root()}/studies?limit=abc`)).status).toBe(400);
  });
}

function describePages(root: () => string): void {
  it('pages through all studies, none twice', async () => {
    const pages = await Promise.all([0, 2, 4, 6].map((at) => found(root(), `/studies?limit=2&offset=${at}`)));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 0]);
    expect(pages.flat().sort()).toEqual(studies(1, 2, 3, 4, 5, 6));
  });

  it('answers an unknown study with an empty list', async () => {
    expect(await getJson(root(), '/studies/2.25.99/series')).toEqual([]);
    expect(await getJson(root(), '/studies/2.25.99/instances')).toEqual([]);
    expect(await getJson(root(), '/studies/2.25.99/series/2.25.99.1/instances')).toEqual([]);
  });
}

function describeAttributes(root: () => string): void {
  it('gives what a list of studies shows', async () => {
    const [study] = await getJson(root(), '/studies?StudyInstanceUID=2.25.1&includefield=00081030');
    expect(study).toMatchObject({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080020': { vr: 'DA', Value: ['20240115'] },
      '00080030': { vr: 'TM', Value: ['101500'] },
      '00080050': { vr: 'SH', Value: ['ACC1'] },
      '00080061': { vr: 'CS', Value: ['MR'] },
      '00081030': { vr: 'LO', Value: ['Cervical spine'] },
      '00081190': { vr: 'UR', Value: [`${root()}/studies/2.25.1`] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
      '00100020': { vr: 'LO', Value: ['P1'] },
      '00100030': { vr: 'DA', Value: ['19700101'] },
      '00100040': { vr: 'CS', Value: ['F'] },
      '0020000D': { vr: 'UI', Value: ['2.25.1'] },
      '00200010': { vr: 'SH', Value: ['1'] },
      '00201206': { vr: 'IS', Value: [2] },
      '00201208': { vr: 'IS', Value: [3] },
    });
  });

  it('gives all modalities of a study', async () => {
    const [study] = await getJson(root(), '/studies?StudyInstanceUID=2.25.3');
    expect([...(study?.['00080061']?.Value ?? [])].sort()).toEqual(['SEG', 'SR']);
  });

  it('gives series with their number of instances', async () => {
    const series = await getJson(root(), '/studies/2.25.1/series?includefield=0008103E');
    const rows = series.map((one) =>
      ['0020000E', '00080060', '0008103E', '00200011', '00201209'].map((tag) => one[tag]?.Value?.[0]),
    );
    expect(rows.sort()).toEqual([
      ['2.25.1.1', 'MR', 'Series 1', 1, 2],
      ['2.25.1.2', 'MR', 'Series 2', 2, 1],
    ]);
    expect(column(series, '00081190')).toContain(`${root()}/studies/2.25.1/series/2.25.1.1`);
  });

  it('gives instances with their size', async () => {
    const [instance] = await getJson(
      root(),
      '/studies/2.25.1/series/2.25.1.1/instances?SOPInstanceUID=2.25.1.1.2',
    );
    expect(instance).toMatchObject({
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] },
      '00080018': { vr: 'UI', Value: ['2.25.1.1.2'] },
      '00081190': { vr: 'UR', Value: [`${root()}/studies/2.25.1/series/2.25.1.1/instances/2.25.1.1.2`] },
      '00200013': { vr: 'IS', Value: [2] },
      '00280010': { vr: 'US', Value: [4] },
      '00280011': { vr: 'US', Value: [6] },
    });
  });

  it('searches series and instances over all studies and within one', async () => {
    expect(await found(root(), '/series?Modality=SEG', '0020000E')).toEqual(['2.25.3.2']);
    expect(await found(root(), '/series?PatientID=P1', '0020000E')).toEqual(['2.25.1.1', '2.25.1.2']);
    const all = ['2.25.1.1.1', '2.25.1.1.2', '2.25.1.2.1'];
    expect(await found(root(), '/instances?PatientID=P1', '00080018')).toEqual(all);
    expect(await found(root(), '/studies/2.25.1/instances', '00080018')).toEqual(all);
    const path = '/studies/2.25.1/series/2.25.1.2/instances';
    expect(await found(root(), path, '00080018')).toEqual(['2.25.1.2.1']);
  });

  it.each([
    [4, { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }],
    [5, { Alphabetic: 'Müller^Jürg' }],
    [6, { Alphabetic: 'Wang', Ideographic: '王^小东' }],
  ])('gives the name of study %i in UTF-8', async (study, name) => {
    const [dataset] = await getJson(root(), `/studies?StudyInstanceUID=2.25.${study}`);
    expect(dataset?.['00100010']?.Value).toEqual([name]);
    expect(dataset?.['00080005']?.Value).toEqual(['ISO_IR 192']);
  });
}

/** QIDO-RS. */
export function describeSearch(server: ServerUnderTest): void {
  describe('search', () => {
    let running: RunningServer;
    const root = () => running.url;
    beforeAll(async () => {
      running = await server.start();
      expect((await store(running.url, files)).listed).toBe(files.length);
    }, 60_000);
    afterAll(() => running.stop());

    describeMatching(root, server);
    describePages(root);
    describeAttributes(root);
  });
}
