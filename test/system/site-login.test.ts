import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { audience, newKey, signed, startLoginProvider, type LoginProvider } from '../support/login-provider';
import { startSite, type SiteServer } from '../support/site-server';
import { report, storeBody, study } from '../support/small-report';

let provider: LoginProvider;
let site: SiteServer;
let auditFolder: string;

const siteOf = (issuer: string, more: Record<string, unknown> = {}) => ({
  name: 'Spine centre',
  sources: [{ name: 'archive', friendlyName: 'Archive', url: 'embedded', write: true }],
  defaultSource: 'archive',
  login: { authority: issuer, clientId: audience, roleClaim: 'realm_access.roles' },
  ...more,
});

const anna = (...roles: string[]): JWTPayload => ({
  sub: 'anna',
  name: 'Anna Muster',
  realm_access: { roles },
});

async function ask(
  path: string,
  token: string | null,
): Promise<{ status: number; text: string; headers: Headers }> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(site.url + path, { headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

async function store(
  files: readonly Buffer[],
  token: string | null,
): Promise<{ status: number; text: string }> {
  const { body, type } = storeBody(files);
  const answer = await fetch(`${site.url}/dicom-web/archive/studies`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: new Uint8Array(body),
  });
  return { status: answer.status, text: await answer.text() };
}

async function storedUids(): Promise<string[]> {
  const token = await provider.token(anna('myelon-read'));
  const { status, text } = await ask('/dicom-web/archive/instances', token);
  if (status === 204) return [];
  return (JSON.parse(text) as Record<string, { Value: string[] }>[]).map((one) => one['00080018']!.Value[0]!);
}

async function auditRecords(): Promise<AuditRecord[]> {
  const files = (await readdir(auditFolder)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(auditFolder, name), 'utf8')));
  return texts
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRecord);
}

interface AuditRecord {
  subtype: { code: string }[];
  outcome: string;
  agent: { who: { display: string; identifier?: { value: string } } }[];
  entity: { what: { identifier: { value: string } } }[];
}

beforeAll(async () => {
  provider = await startLoginProvider();
  auditFolder = await mkdtemp(join(tmpdir(), 'myelon-audit-test-'));
  site = await startSite(siteOf(provider.issuer), { auditFolder });
}, 300_000);
afterAll(async () => {
  await site.stop();
  await provider.stop();
  await rm(auditFolder, { recursive: true, force: true });
});

describe('a site with a login', () => {
  const studies = '/dicom-web/archive/studies';

  test('shows nothing of the archive to who is not logged in, and says so in the header', async () => {
    for (const path of [studies, '/myelon/me', '/myelon/sources']) {
      const answer = await ask(path, null);
      expect({ path, status: answer.status }).toEqual({ path, status: 401 });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    }
    expect((await ask('/', null)).status).toBe(200);
  });

  test('takes no forged, foreign, expired or unsigned token', async () => {
    const claims = { iss: provider.issuer, aud: audience, ...anna('myelon-read') };
    const past = Math.floor(Date.now() / 1000) - 3600;
    const bad: Record<string, string> = {
      'signed with another key of the same name': await signed(await newKey('first'), claims),
      'signed with an unknown key': await signed(await newKey('other'), claims),
      'for another server': await provider.token({ ...claims, aud: 'another-server' }),
      'of another issuer': await provider.token({ ...claims, iss: 'https://evil.example' }),
      expired: await provider.token({ ...claims, iat: past - 60, exp: past }),
      'without an end': await provider.token({ ...claims, exp: undefined as unknown as number }),
      unsigned: new UnsecuredJWT(claims).setExpirationTime('5m').encode(),
      'signed with a shared secret': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode('x'.repeat(32))),
      rubbish: 'abc.def.ghi',
    };
    for (const [what, token] of Object.entries(bad)) {
      expect({ what, status: (await ask(studies, token)).status }).toEqual({ what, status: 401 });
    }
    const good = await ask(studies, await provider.token(claims));
    expect(good.status).toBe(200);
  });

  test('a login without a role sees nothing, an administrator sees no patient', async () => {
    expect((await ask(studies, await provider.token(anna()))).status).toBe(403);
    const administrator = await provider.token(anna('myelon-administer'));
    expect((await ask(studies, administrator)).status).toBe(403);
    expect((await ask('/myelon/sources', administrator)).status).toBe(200);
  });

  test('a reader cannot store, whatever the page lets them try', async () => {
    const answer = await store([report('2.25.1')], await provider.token(anna('myelon-read')));
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('no role that drafts');
    expect(await storedUids()).not.toContain('2.25.1');
  });

  test('who drafts cannot sign; who signs signs as themselves', async () => {
    const drafting = await provider.token(anna('myelon-draft'));
    const signing = await provider.token(anna('myelon-sign'));
    expect((await store([report('2.25.2')], drafting)).status).toBe(200);
    // A signed report hidden among drafts is found as well.
    expect((await store([report('2.25.3'), report('2.25.4', 'Muster^Anna')], drafting)).status).toBe(403);
    const forAnother = await store([report('2.25.5', 'Other^Person')], signing);
    expect(forAnother.status).toBe(403);
    expect(forAnother.text).toContain('Other^Person');
    expect((await store([report('2.25.6', 'Muster^Anna')], signing)).status).toBe(200);
    expect((await storedUids()).sort()).toEqual(['2.25.2', '2.25.6']);
  });

  test('tells the page who is logged in and what they may do', async () => {
    const { text } = await ask('/myelon/me', await provider.token(anna('myelon-sign')));
    expect(JSON.parse(text)).toEqual({
      name: 'Anna Muster',
      subject: 'anna',
      roles: ['sign', 'draft', 'read'],
    });
  });

  test('what is no DICOM is refused, and the connection goes on', async () => {
    const answer = await store([Buffer.from('no DICOM')], await provider.token(anna('myelon-draft')));
    expect(answer.status).toBe(400);
    expect(await storedUids()).toHaveLength(2);
  });

  test('a new key of the provider is taken within seconds, the old one no longer', async () => {
    const before = await provider.token(anna('myelon-read'));
    await provider.rotateKey();
    // Unknown keys are looked up at most every five seconds.
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const after = await provider.token(anna('myelon-read'));
    expect((await ask(studies, after)).status).toBe(200);
    expect((await ask(studies, before)).status).toBe(401);
  }, 30_000);

  test('every opening, storing, signing, export and refusal is in the audit records', async () => {
    const token = await provider.token(anna('myelon-read'));
    await ask(`${studies}/${study}/metadata`, token);
    await ask(`${studies}/${study}/metadata`, token);
    const exported = await fetch(`${site.url}/myelon/exports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ studyInstanceUID: study, source: 'archive', what: 'pdf' }),
    });
    expect(exported.status).toBe(204);
    const records = await auditRecords();
    const of = (code: string, outcome: string) =>
      records.filter((one) => one.subtype[0]!.code === code && one.outcome === outcome);
    expect(of('110120', '0')).toHaveLength(1);
    expect(of('open', '0')).toHaveLength(1);
    expect(of('store', '0').map(objects)).toEqual([[study, '2.25.2']]);
    expect(of('sign', '0').map(objects)).toEqual([[study, '2.25.6']]);
    expect(of('export', '0')).toHaveLength(1);
    const refusedObjects = of('refused', '4').flatMap(objects);
    for (const uid of ['2.25.1', '2.25.4', '2.25.5']) expect(refusedObjects).toContain(uid);
    expect(of('sign', '0')[0]!.agent[0]!.who).toMatchObject({
      display: 'Anna Muster',
      identifier: { value: 'anna' },
    });
    // Nothing of a patient.
    expect(JSON.stringify(records)).not.toMatch(/Somebody|"P1"/);
  });

  test('audit records are for their owner alone, and a changed one is noticed at the next start', async () => {
    const [name] = await readdir(auditFolder);
    const file = join(auditFolder, name!);
    expect((await stat(file)).mode & 0o077).toBe(0);
    const copy = await mkdtemp(join(tmpdir(), 'myelon-audit-copy-'));
    const text = await readFile(file, 'utf8');
    const start = () => startSite(siteOf(provider.issuer), { auditFolder: copy });
    // What a power cut leaves of the last record is no reason to stay down.
    await writeFile(join(copy, name!), `${text}{"resourceType":"Audit`);
    await (await start()).stop();
    expect((await readFile(join(copy, name!), 'utf8')).startsWith(text)).toBe(true);
    const lines = text.split('\n');
    for (const [what, changed] of Object.entries({
      'a line gone': [...lines.slice(0, 2), ...lines.slice(3)],
      'a word changed': lines.map((line, at) => (at === 2 ? line.replace('anna', 'otto') : line)),
    })) {
      await writeFile(join(copy, name!), changed.join('\n'));
      await expect({ what, started: await start().catch((error: Error) => error.message) }).toEqual({
        what,
        started: expect.stringContaining('does not follow from the line before it') as string,
      });
    }
    await rm(copy, { recursive: true });
  });
});

const objects = (record: AuditRecord) =>
  record.entity.map(({ what }) => what.identifier.value.replace('urn:oid:', ''));
