import { createHash } from 'node:crypto';

/** Where the plugins are served; OHIF imports them by these names, through the import map of the page. */
export const pluginImports = {
  '@myelon/extension-cervical-myelopathy': '/plugins/extension.js',
  '@myelon/mode-cervical-myelopathy': '/plugins/mode.js',
} as const;

export interface PageOptions {
  readonly title: string;
  /** Addresses of style sheets of the plugins. */
  readonly styles?: readonly string[];
}

export interface Page {
  readonly html: string;
  /** For script-src of the content security policy: one hash for every script written into the page. */
  readonly scriptHashes: readonly string[];
}

const inlineScript = /<script(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/g;
const charset = '<meta charset="UTF-8">';
const title = /<title>[^<]*<\/title>/;
/** What the viewer's own inline scripts do is done by boot.mjs. */
const replacedScripts = ['browserImportFunction', 'scriptToView'];

/**
 * Our index.html, made from the viewer's: import map for the plugins, boot guard, title, no inline code of theirs.
 * Throws when theirs is not built as the pinned version is.
 */
export function makePage(viewerIndexHtml: string, options: PageOptions): Page {
  for (const [what, found] of [
    [charset, viewerIndexHtml.includes(charset)],
    ['a title', title.test(viewerIndexHtml)],
    ['the app bundle', viewerIndexHtml.includes('src="/app.bundle.')],
    ['app-config.js', viewerIndexHtml.includes('src="/app-config.js"')],
  ] as const) {
    if (!found) throw new Error(`The viewer's index.html is not as expected: ${what} is missing.`);
  }
  const importMap = JSON.stringify({ imports: pluginImports });
  const styles = (options.styles ?? []).map((href) => `<link rel="stylesheet" href="${href}">`).join('');
  const html = viewerIndexHtml
    .replace(inlineScript, (script, _attributes, code: string) =>
      replacedScripts.some((mark) => code.includes(mark)) ? '' : script,
    )
    .replace(title, () => `<title>${escapeHtml(options.title)}</title>`)
    .replace(
      charset,
      () =>
        `${charset}<script type="importmap">${importMap}</script><script src="/boot.js"></script>${styles}`,
    );
  return { html, scriptHashes: hashesOfInlineScripts(html) };
}

function hashesOfInlineScripts(html: string): string[] {
  return [...html.matchAll(inlineScript)].map(
    ([, , code]) =>
      `'sha256-${createHash('sha256')
        .update(code ?? '')
        .digest('base64')}'`,
  );
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
