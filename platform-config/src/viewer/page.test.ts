import { createHash } from 'node:crypto';
import { decodeWorkerPolicy, pagePolicy } from '../server/security-headers';
import { makePage } from './page';

const theirs =
  '<!doctype html><html><head><meta charset="UTF-8"><script>console.time("scriptToView"),window.PUBLIC_URL="/"</script>' +
  '<script rel="preload" as="script" src="/app-config.js"></script><title>OHIF Viewer</title>' +
  '<script>function browserImportFunction(n){return import(n)}window.PUBLIC_URL="/"</script>' +
  '<script defer src="/app.bundle.0123.js"></script></head><body><div id="root"></div></body></html>';

describe('the page made from the index.html of the viewer', () => {
  const page = makePage(theirs, { title: 'A & B', styles: ['/plugins/extension.css'] });
  const inline = [...page.html.matchAll(/<script(?![^>]*src=)[^>]*>(.*?)<\/script>/g)].map(
    ([, code]) => code!,
  );

  test('resolves the names of our plugins before any script can import them', () => {
    const map = page.html.indexOf('<script type="importmap">');
    expect(map).toBeGreaterThan(0);
    expect(page.html.indexOf('<script', 0)).toBe(map);
    expect(JSON.parse(inline[0]!)).toEqual({
      imports: {
        '@myelon/extension-cervical-myelopathy': '/plugins/extension.js',
        '@myelon/mode-cervical-myelopathy': '/plugins/mode.js',
      },
    });
  });

  test('the guard runs before the viewer, and the import map is the only script in the page', () => {
    expect(page.html.indexOf('src="/boot.js"')).toBeLessThan(page.html.indexOf('src="/app.bundle.'));
    expect(page.html.indexOf('src="/boot.js"')).toBeLessThan(page.html.indexOf('src="/app-config.js"'));
    expect(inline).toHaveLength(1);
  });

  test('the hash is that of the bytes between the tags', () => {
    const wanted = createHash('sha256').update(inline[0]!).digest('base64');
    expect(page.scriptHashes).toEqual([`'sha256-${wanted}'`]);
  });

  test('title and styles are set, the rest stays', () => {
    expect(page.html).toContain('<title>A &amp; B</title>');
    expect(page.html).toContain('<link rel="stylesheet" href="/plugins/extension.css">');
    expect(page.html).toContain('<div id="root"></div>');
  });

  test('a title with a dollar sign is not a replacement pattern', () => {
    expect(makePage(theirs, { title: '$& $1' }).html).toContain('<title>$&amp; $1</title>');
  });

  test('an inline script we do not know stays, with its hash', () => {
    const extra = makePage(theirs.replace('</head>', '<script>let a=1</script></head>'), { title: 'x' });
    expect(extra.html).toContain('<script>let a=1</script>');
    expect(extra.scriptHashes).toContain(
      `'sha256-${createHash('sha256').update('let a=1').digest('base64')}'`,
    );
  });

  test.each([
    ['charset', '<meta charset="UTF-8">'],
    ['app bundle', '/app.bundle.'],
    ['app-config.js', '/app-config.js'],
    ['title', '<title>OHIF Viewer</title>'],
  ])('another viewer without %s is refused', (_what, part) => {
    expect(() => makePage(theirs.replace(part, ''), { title: 'x' })).toThrow('not as expected');
  });
});

describe('the content security policy', () => {
  test('allows the login provider where it is needed, and only its origin', () => {
    const policy = pagePolicy({ scriptHashes: [], loginAuthority: 'https://id.example.org/realms/x' });
    expect(policy).toContain("connect-src 'self' blob: data: https://id.example.org;");
    expect(policy).not.toContain('realms');
    expect(pagePolicy({ scriptHashes: [] })).not.toContain('https:');
  });

  test('code from text is for the decode worker alone', () => {
    expect(pagePolicy({ scriptHashes: ["'sha256-x'"] })).not.toContain("'unsafe-eval'");
    expect(decodeWorkerPolicy()).toContain("'unsafe-eval'");
  });
});
