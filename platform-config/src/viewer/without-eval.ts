import { readFileSync } from 'node:fs';

/** How ndarray begins the function that compiles its views; it is in several bundles of the viewer. */
const compiler = 'function compileConstructor(dtype, dimension) {';

/**
 * A script of the viewer with ndarray's views made by our own code instead of compiled from text, which the page's
 * content security policy forbids: without this no DICOM segmentation opens. Other content passes unchanged.
 */
export function withoutEval(name: string, content: Buffer): Buffer {
  if (!name.endsWith('.js') || !content.includes(compiler)) return content;
  const replacement = `${compiler} return (${arrayViews()})(dtype, dimension, CACHED_CONSTRUCTORS[dtype]);`;
  return Buffer.from(content.toString('utf8').replaceAll(compiler, () => replacement));
}

let text: string | undefined;

/** Our constructor of views as an expression. */
function arrayViews(): string {
  text ??= readFileSync(new URL('./array-views.mjs', import.meta.url), 'utf8').replace(
    'export function',
    'function',
  );
  return `(() => {\n${text}\nreturn arrayViewConstructor;\n})()`;
}
