/** Whether a series can carry an analysis, in words for the person who chose it. */
export type Verdict =
  | { readonly possible: true; readonly warnings: string[] }
  | { readonly possible: false; readonly why: string; readonly whatToDo: string };
