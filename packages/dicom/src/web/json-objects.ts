const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Cuts a JSON array of objects into its objects as its bytes arrive, so that an answer of any length is never in
 * memory as a whole.
 */
export class JsonObjectSplitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private parts: Uint8Array[] = [];
  private complete = false;

  /** @param onObject gets the text of each object of the array, in order */
  constructor(private readonly onObject: (text: string) => void) {}

  push(chunk: Uint8Array): void {
    let from = this.depth > 1 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.inString) this.insideString(byte);
      else if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN || byte === OPEN_LIST) {
        this.depth++;
        if (this.depth === 2) from = at;
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        this.depth--;
        if (this.depth === 1 && from >= 0) {
          this.emit(chunk.subarray(from, at + 1));
          from = -1;
        }
        if (this.depth === 0) this.complete = true;
      }
    }
    if (from >= 0) this.parts.push(chunk.slice(from));
  }

  /** False when the text so far is no whole array. */
  get ended(): boolean {
    return this.complete && this.depth === 0;
  }

  private insideString(byte: number | undefined): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) this.inString = false;
  }

  private emit(last: Uint8Array): void {
    const decoder = new TextDecoder();
    const text =
      this.parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode(last);
    this.parts = [];
    this.onObject(text);
  }
}
