import fontkit from '@pdf-lib/fontkit';
import { StandardFonts, type PDFDocument, type PDFFont } from 'pdf-lib';
import type { ReportFonts } from './report-fonts';

/** Consecutive characters set in one font, in one direction. */
export interface TextRun {
  readonly text: string;
  readonly font: PDFFont;
}

export type Weight = 'regular' | 'bold';

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** The fonts of one document: picks for every character the first font that has it. */
export class Typeface {
  private constructor(
    private readonly fonts: Readonly<Record<Weight, PDFFont>>,
    private readonly regularCharacters: ReadonlySet<number>,
    private readonly boldCharacters: ReadonlySet<number>,
    private readonly others: ReadonlyMap<string, PDFFont>,
  ) {}

  /** @param names texts from headers, whose characters may need further fonts */
  static async embed(document: PDFDocument, fonts: ReportFonts, names: readonly string[]): Promise<Typeface> {
    document.registerFontkit(fontkit);
    const regular = await document.embedFont(fonts.regular, { subset: true });
    const bold = await document.embedFont(fonts.bold, { subset: true });
    const covered = new Set(regular.getCharacterSet());
    const files = new Map<Uint8Array, PDFFont>();
    const others = new Map<string, PDFFont>();
    for (const character of new Set(names.join(''))) {
      if (covered.has(character.codePointAt(0) ?? 0)) continue;
      const file = await fonts.fontFor(character);
      if (!file) continue;
      const font = files.get(file) ?? (await document.embedFont(file, { subset: true }));
      files.set(file, font);
      if (font.getCharacterSet().includes(character.codePointAt(0) ?? 0)) others.set(character, font);
    }
    return new Typeface({ regular, bold }, covered, new Set(bold.getCharacterSet()), others);
  }

  /** Helvetica, which every PDF reader brings: Latin characters only, nothing embedded. */
  static async standard(document: PDFDocument): Promise<Typeface> {
    const regular = await document.embedFont(StandardFonts.Helvetica);
    const bold = await document.embedFont(StandardFonts.HelveticaBold);
    const covered = (font: PDFFont) => new Set(font.getCharacterSet());
    return new Typeface({ regular, bold }, covered(regular), covered(bold), new Map());
  }

  /** Whether every character can be shown. */
  covers(text: string): boolean {
    return [...text].every(
      (character) => this.regularCharacters.has(character.codePointAt(0) ?? 0) || this.others.has(character),
    );
  }

  /** A character no font has becomes "?": the caller asks {@link covers} first where that matters. */
  runs(text: string, weight: Weight): TextRun[] {
    const runs: { text: string; font: PDFFont; rightToLeft: boolean | null }[] = [];
    for (const character of text.normalize('NFC').replace(/\s/gu, ' ')) {
      const font = this.fontOf(character, weight);
      const shown = font ? character : '?';
      const chosen = font ?? this.fonts[weight];
      const rightToLeft = character === ' ' ? null : RIGHT_TO_LEFT.test(character);
      const last = runs.at(-1);
      const sameDirection =
        last && (rightToLeft === null || last.rightToLeft === null || rightToLeft === last.rightToLeft);
      if (last?.font === chosen && sameDirection) {
        last.text += shown;
        last.rightToLeft ??= rightToLeft;
      } else runs.push({ text: shown, font: chosen, rightToLeft });
    }
    return runs;
  }

  width(text: string, size: number, weight: Weight): number {
    return this.runs(text, weight).reduce((sum, run) => sum + run.font.widthOfTextAtSize(run.text, size), 0);
  }

  private fontOf(character: string, weight: Weight): PDFFont | null {
    const code = character.codePointAt(0) ?? 0;
    if (weight === 'bold' && this.boldCharacters.has(code)) return this.fonts.bold;
    if (this.regularCharacters.has(code)) return this.fonts.regular;
    return this.others.get(character) ?? null;
  }
}
