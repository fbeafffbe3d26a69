import { audience, startLoginProvider, type LoginProvider } from '../support/login-provider';
import { startSite } from '../support/site-server';
import { report, storeBody } from '../support/small-report';

const siteOf = (issuer: string, more: Record<string, unknown> = {}) => ({
  name: 'Spine centre',
  sources: [{ name: 'archive', friendlyName: 'Archive', url: 'embedded', write: true }],
  defaultSource: 'archive',
  login: { authority: issuer, clientId: audience },
  ...more,
});

describe('limits of a site', () => {
  let provider: LoginProvider;
  const anna = (...roles: string[]) => ({ sub: 'anna', name: 'Anna Muster', roles });

  beforeAll(async () => {
    provider = await startLoginProvider();
  });
  afterAll(() => provider.stop());

  test('a login provider that is away is not "no access"', async () => {
    const alone = await startSite(siteOf('http://127.0.0.1:9'));
    const token = await provider.token(anna('myelon-read'));
    const answer = await fetch(`${alone.url}/dicom-web/archive/studies`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('does not answer');
    await alone.stop();
  });

  test('too many and too large store requests are refused in words', async () => {
    const limited = await startSite(
      siteOf(provider.issuer, { limits: { storesPerMinute: 3, uploadMegabytes: 0.01 } }),
    );
    const token = await provider.token(anna('myelon-draft'));
    const send = async (file: Buffer) => {
      const { body, type } = storeBody([file]);
      const answer = await fetch(`${limited.url}/dicom-web/archive/studies`, {
        method: 'POST',
        headers: { 'content-type': type, authorization: `Bearer ${token}` },
        body: new Uint8Array(body),
      });
      return { status: answer.status, text: await answer.text(), after: answer.headers.get('retry-after') };
    };
    expect(await send(Buffer.alloc(50_000))).toMatchObject({
      status: 413,
      text: expect.stringContaining('0.01 MB') as string,
    });
    expect((await send(report('2.25.20'))).status).toBe(200);
    expect((await send(report('2.25.21'))).status).toBe(200);
    const refused = await send(report('2.25.22'));
    expect(refused).toMatchObject({ status: 429, text: expect.stringContaining('a minute') as string });
    expect(Number(refused.after)).toBeGreaterThan(0);
    await limited.stop();
  });
});
