import type { ReportFonts } from '@myelon/pipeline/pdf';
import { InputRefused } from '@myelon/diffusion';
import pieces from '@fontsource/kosugi/unicode.json';
import { KOSUGI_PIECES } from './kosugi-pieces';

const REGULAR = new URL('dejavu-fonts-ttf/ttf/DejaVuSans.ttf', import.meta.url);
const BOLD = new URL('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf', import.meta.url);

/** DejaVu Sans for Latin, Greek, Cyrillic and Arabic; Kosugi, in pieces, for Japanese. Each is fetched when it is needed. */
export async function reportFonts(): Promise<ReportFonts> {
  const [regular, bold] = await Promise.all([fetched(REGULAR), fetched(BOLD)]);
  const known = new Map<string, Promise<Uint8Array>>();
  return {
    regular,
    bold,
    fontFor: (character) => {
      const piece = pieceOf(character);
      if (piece === null) return Promise.resolve(null);
      const font = known.get(piece.name) ?? fetched(piece.file);
      known.set(piece.name, font);
      return font;
    },
  };
}

/** @throws InputRefused when it cannot be fetched */
async function fetched(address: URL): Promise<Uint8Array> {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok)
    throw new InputRefused(
      'a font of the PDF could not be loaded',
      'report',
      'check the connection to the viewer, or leave the PDF out',
    );
  return new Uint8Array(await answer.arrayBuffer());
}

/** The file that has a character; the package lists "U+" ranges by file. */
function pieceOf(character: string): { readonly name: string; readonly file: URL } | null {
  const code = character.codePointAt(0) ?? 0;
  const ranges: Readonly<Record<string, string>> = pieces;
  const found = Object.entries(ranges).find(([, list]) =>
    list.split(',').some((range) => within(code, range)),
  );
  const name = found?.[0].replace(/[[\]]/gu, '') ?? '';
  const file = KOSUGI_PIECES[name];
  return file ? { name, file } : null;
}

function within(code: number, range: string): boolean {
  const [first = '', last = first] = range.trim().replace(/^U\+/iu, '').split('-');
  return code >= parseInt(first, 16) && code <= parseInt(last, 16);
}
