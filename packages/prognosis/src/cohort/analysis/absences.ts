import { InputRefused } from '@myelon/diffusion';

/** A result that is not there, and why. */
export interface Absence {
  /** Path in the analysis, e.g. `roc.fa`. */
  readonly what: string;
  readonly why: string;
}

/** Collects what the patients cannot answer, so that one impossible method does not cost the others. */
export class Absences {
  readonly list: Absence[] = [];

  add(what: string, why: string): null {
    this.list.push({ what, why });
    return null;
  }

  /** The result, or null with the reason noted when the method refuses these patients. */
  attempt<Value>(what: string, method: () => Value): Value | null {
    try {
      return method();
    } catch (error) {
      if (error instanceof InputRefused) return this.add(what, error.what);
      throw error;
    }
  }

  async attemptAsync<Value>(what: string, method: () => Promise<Value>): Promise<Value | null> {
    try {
      return await method();
    } catch (error) {
      if (error instanceof InputRefused) return this.add(what, error.what);
      throw error;
    }
  }
}
