/** Where one element lies. */
export interface ScannedElement {
  /** Group x 65536 + element. */
  readonly tag: number;
  /** As written; undefined in implicit VR. */
  readonly vr: string | undefined;
  /** First byte of the value. */
  readonly start: number;
  /** Byte after the value; for undefined lengths, before the delimiter. */
  readonly end: number;
  readonly undefinedLength: boolean;
}

const FIELDS = 4;
const UNDEFINED_LENGTH_FLAG = 0x10000;

/** The places of the elements of one data set, as plain numbers in the order of the file. */
export class ElementTable {
  private readonly fields: number[] = [];
  private ascending = true;

  get count(): number {
    return this.fields.length / FIELDS;
  }

  /** @param element `vr` as two characters in one number, 0 when there is none */
  add(element: { tag: number; vr: number; start: number; end: number; undefinedLength: boolean }): void {
    const { fields } = this;
    if (fields.length > 0 && element.tag <= (fields[fields.length - FIELDS] ?? 0)) this.ascending = false;
    const flag = element.undefinedLength ? UNDEFINED_LENGTH_FLAG : 0;
    fields.push(element.tag, element.vr + flag, element.start, element.end);
  }

  tag(index: number): number {
    return this.fields[index * FIELDS] ?? 0;
  }

  at(index: number): ScannedElement {
    const from = index * FIELDS;
    const kind = this.fields[from + 1] ?? 0;
    const vr = kind & 0xffff;
    return {
      tag: this.fields[from] ?? 0,
      vr: vr === 0 ? undefined : vrText(vr),
      start: this.fields[from + 2] ?? 0,
      end: this.fields[from + 3] ?? 0,
      undefinedLength: kind >= UNDEFINED_LENGTH_FLAG,
    };
  }

  find(tag: number): ScannedElement | undefined {
    const index = this.indexOf(tag);
    return index < 0 ? undefined : this.at(index);
  }

  /** -1 when it is not there. Of several with one tag, the last: it is what most readers see. */
  indexOf(tag: number): number {
    if (!this.ascending) return this.lastOf(tag);
    let [low, high] = [0, this.count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.tag(middle);
      if (found === tag) return middle;
      if (found < tag) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private lastOf(tag: number): number {
    for (let index = this.count - 1; index >= 0; index--) if (this.tag(index) === tag) return index;
    return -1;
  }

  /** Tags that are wanted, in the order of the file, each once. */
  tagsWhere(wanted: (tag: number) => boolean): number[] {
    const found: number[] = [];
    for (let index = 0; index < this.fields.length; index += FIELDS) {
      const tag = this.fields[index] ?? 0;
      if (wanted(tag)) found.push(tag);
    }
    return this.ascending ? found : [...new Set(found)];
  }

  elements(): ScannedElement[] {
    return Array.from({ length: this.count }, (_, index) => this.at(index));
  }
}

const vrTexts = new Map<number, string>();

/** There are some thirty of them, and a header has hundreds of elements. */
function vrText(vr: number): string {
  let text = vrTexts.get(vr);
  if (text === undefined) vrTexts.set(vr, (text = String.fromCharCode(vr >> 8, vr & 0xff)));
  return text;
}
