import { appConfig, appConfigScript } from './app-config';
import { parseSite, readSite, siteOfPacs } from './read-site';
import { scoreModelInForce } from './score-model';

const embedded = { name: 'archive', friendlyName: 'Archive', url: 'embedded', write: true };
const pacs = { name: 'pacs', friendlyName: 'PACS', url: 'https://pacs.example.org/dicom-web/', write: true };

function site(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: 'Test', sources: [embedded], defaultSource: 'archive', ...changes };
}

function refusalOf(content: unknown): string {
  try {
    parseSite(content, 'sites/test.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

interface OhifSource {
  namespace: string;
  sourceName: string;
  configuration: { wadoRoot: string; writeTo?: { name: string; wadoRoot: string }; supportsStow: boolean };
}

function sourcesOf(content: unknown): OhifSource[] {
  return appConfig(parseSite(content, 'test')).dataSources as OhifSource[];
}

describe('a site configuration', () => {
  test('fills in what was not said, on the safe side', () => {
    const read = parseSite(
      site({ sources: [embedded, { ...pacs, write: undefined }], resultsTo: 'archive' }),
      'f',
    );
    expect(read.sources[1]).toMatchObject({
      url: 'https://pacs.example.org/dicom-web',
      read: true,
      write: false,
      upload: false,
      authorization: { from: 'none' },
    });
  });

  test.each([
    ['a key nobody knows', site({ sorces: [] }), 'the whole file', 'sorces'],
    ['no source', site({ sources: [] }), 'sources', '>=1'],
    [
      'a name with a slash',
      site({ sources: [{ ...embedded, name: 'a/b' }] }),
      'sources[0].name',
      'lower-case',
    ],
    ['an address that is none', site({ sources: [{ ...pacs, url: 'pacs' }] }), 'sources[0].url', 'http'],
    ['a file address', site({ sources: [{ ...pacs, url: 'file:///etc' }] }), 'sources[0].url', 'http'],
    [
      'a password in an address',
      site({ sources: [{ ...pacs, url: 'http://me:secret@pacs/dw' }] }),
      'sources[0].url',
      'authorization from the environment',
    ],
    [
      'a name used twice',
      site({ sources: [embedded, { ...pacs, name: 'archive' }] }),
      'sources[1].name',
      'twice',
    ],
    ['a default that is not there', site({ defaultSource: 'other' }), 'defaultSource', 'archive'],
    [
      'a default that is not read',
      site({ sources: [{ ...embedded, read: false }] }),
      'defaultSource',
      'not for reading',
    ],
    ['results to nowhere', site({ resultsTo: 'attic' }), 'resultsTo', 'no source is called attic'],
    [
      'results to what is not written',
      site({ sources: [embedded, { ...pacs, write: false }], resultsTo: 'pacs' }),
      'resultsTo',
      'not for writing',
    ],
    [
      'a source whose results have no home',
      site({ sources: [embedded, { ...pacs, write: false }] }),
      'sources[1].write',
      'nowhere to go',
    ],
    [
      'a login nobody configured',
      site({ sources: [{ ...pacs, name: 'archive', authorization: { from: 'viewer-login' } }] }),
      'sources[0].authorization',
      'needs `login`',
    ],
    [
      'a header without its variable',
      site({ sources: [{ ...pacs, name: 'archive', authorization: { from: 'environment' } }] }),
      'sources[0].authorization.variable',
      'string',
    ],
    [
      'two embedded archives',
      site({ sources: [embedded, { ...embedded, name: 'b' }] }),
      'sources[1].url',
      'only one',
    ],
  ])('refuses %s and says where', (_what, content, path, reason) => {
    const message = refusalOf(content);
    expect(message).toContain('sites/test.json');
    const line = message.split('\n').find((candidate) => candidate.trim().startsWith(`${path}:`));
    expect(line).toContain(reason);
  });

  test('names every fault at once', () => {
    const message = refusalOf(site({ name: '', defaultSource: 'X Y' }));
    expect(message).toContain('  name: ');
    expect(message).toContain('  defaultSource: ');
  });

  test('a file that is missing or no JSON is named', async () => {
    await expect(readSite('/nowhere/site.json')).rejects.toThrow('/nowhere/site.json cannot be read');
    await expect(readSite(__filename)).rejects.toThrow(`${__filename} is not JSON`);
  });

  test.each(['default.json', 'orthanc.json'])('the shipped %s is valid', async (file) => {
    const read = await readSite(`${__dirname}/../../sites/${file}`);
    expect(read.sources.some((source) => source.name === read.defaultSource)).toBe(true);
  });
});

describe("the viewer's configuration made from a site", () => {
  test('every source is our data source on our own origin, with its own target for results', () => {
    const sources = sourcesOf(site({ sources: [embedded, pacs], defaultSource: 'pacs' }));
    expect(sources.map((source) => source.sourceName)).toEqual(['archive', 'pacs']);
    for (const { namespace, sourceName, configuration } of sources) {
      expect(namespace).toBe('@myelon/extension-cervical-myelopathy.dataSourcesModule.myelon-dicomweb');
      expect(configuration.wadoRoot).toBe(`/dicom-web/${sourceName}`);
      expect(configuration.writeTo).toEqual({ name: sourceName, wadoRoot: `/dicom-web/${sourceName}` });
    }
  });

  test('results of all sources can go to one that is not read', () => {
    const sources = sourcesOf(
      site({
        sources: [
          { ...pacs, write: false },
          { ...embedded, name: 'results', read: false },
        ],
        defaultSource: 'pacs',
        resultsTo: 'results',
      }),
    );
    expect(sources).toHaveLength(1);
    expect(sources[0]!.configuration.writeTo).toEqual({ name: 'results', wadoRoot: '/dicom-web/results' });
    expect(sources[0]!.configuration.supportsStow).toBe(false);
  });

  test('a site that stores nothing gives no target', () => {
    const sources = sourcesOf(site({ sources: [{ ...embedded, write: false }], resultsTo: 'none' }));
    expect(sources[0]!.configuration).not.toHaveProperty('writeTo');
  });

  test('neither upstream addresses nor names of secrets reach the browser', () => {
    const script = appConfigScript(
      parseSite(
        site({
          sources: [{ ...pacs, authorization: { from: 'environment', variable: 'PACS_SECRET' } }],
          defaultSource: 'pacs',
        }),
        'f',
      ),
    );
    expect(script).not.toContain('PACS_SECRET');
    expect(script).not.toContain('pacs.example.org');
  });

  test('the script is data only and cannot end an element around it', () => {
    const script = appConfigScript(parseSite(site({ name: '</script><script>alert(1)</script>' }), 'f'));
    expect(script).not.toContain('<');
    const config = JSON.parse(/^window\.config = (.*);\n$/s.exec(script)![1]!) as { name: string };
    expect(config.name).toBe('</script><script>alert(1)</script>');
  });

  test('a login is handed to the viewer as code flow', () => {
    const config = appConfig(
      parseSite(site({ login: { authority: 'https://id.example.org/realm/', clientId: 'myelon' } }), 'f'),
    );
    expect(config['oidc']).toEqual([
      expect.objectContaining({
        authority: 'https://id.example.org/realm',
        client_id: 'myelon',
        response_type: 'code',
      }),
    ]);
  });

  test('--pacs stands for one source to read and write, its header from the environment', () => {
    const made = siteOfPacs('http://pacs:8042/dicom-web', true);
    expect(made.sources).toEqual([
      expect.objectContaining({
        name: 'pacs',
        url: 'http://pacs:8042/dicom-web',
        write: true,
        authorization: { from: 'environment', variable: 'MYELON_PACS_AUTHORIZATION' },
      }),
    ]);
    expect(siteOfPacs('http://pacs:8042/dicom-web', false).sources[0]!.authorization).toEqual({
      from: 'none',
    });
  });
});

describe('the score model of a site', () => {
  const trustedKeys = ['a'.repeat(64)];

  test('is handed to the viewer by address and trusted keys, never by path', () => {
    const content = site({ scoreModel: { file: 'models/site.json', trustedKeys } });
    const [source] = sourcesOf(content);
    expect(source!.configuration).toMatchObject({ scoreModel: { url: '/score-model.json', trustedKeys } });
    expect(appConfigScript(parseSite(content, 'f'))).not.toContain('models/site.json');
  });

  test('goes back in one step, and only to a model that is named', () => {
    const scoreModel = { file: 'new.json', use: 'previous', trustedKeys };
    expect(refusalOf(site({ scoreModel }))).toMatch(/scoreModel\.previous: is needed/);
    expect(
      parseSite(site({ scoreModel: { ...scoreModel, previous: 'old.json' } }), 'f').scoreModel,
    ).toMatchObject({
      use: 'previous',
      previous: 'old.json',
    });
  });

  test('that is not there or signed by nobody trusted keeps the server from starting', async () => {
    const missing = parseSite(site({ scoreModel: { file: '/nowhere/model.json', trustedKeys } }), 'f');
    await expect(scoreModelInForce(missing)).rejects.toThrow(/nowhere\/model\.json cannot be used/);
    expect(await scoreModelInForce(parseSite(site(), 'f'))).toBeNull();
  }, 60_000);
});
