import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ReportFonts } from '@myelon/pipeline/pdf';

/** Loaded through Node's own `require`: the fonts lie in their packages, bundled or not. */
const load = createRequire(import.meta.url);
const IDEOGRAPHS = '@fontsource/kosugi';

/** DejaVu Sans for Latin, Greek, Cyrillic and Arabic; Kosugi, in pieces, for Japanese. */
export async function commandLineFonts(): Promise<ReportFonts> {
  const ofPackage = (path: string) => readFile(load.resolve(path));
  const [regular, bold] = await Promise.all([
    ofPackage('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    ofPackage('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  ]);
  const pieces = new Map<string, Promise<Uint8Array>>();
  return {
    regular,
    bold,
    fontFor: async (character) => {
      const piece = pieceOf(character);
      if (piece === null) return null;
      const known = pieces.get(piece) ?? ofPackage(`${IDEOGRAPHS}/files/kosugi-${piece}-400-normal.woff`);
      pieces.set(piece, known);
      return known;
    },
  };
}

/** Name of the file that has a character; the package lists "U+" ranges by file. */
function pieceOf(character: string): string | null {
  const ranges = load(`${IDEOGRAPHS}/unicode.json`) as Readonly<Record<string, string>>;
  const code = character.codePointAt(0) ?? 0;
  const found = Object.entries(ranges).find(([, list]) =>
    list.split(',').some((range) => within(code, range)),
  );
  return found ? found[0].replace(/[[\]]/gu, '') : null;
}

function within(code: number, range: string): boolean {
  const [first = '', last = first] = range.trim().replace(/^U\+/iu, '').split('-');
  return code >= parseInt(first, 16) && code <= parseInt(last, 16);
}
