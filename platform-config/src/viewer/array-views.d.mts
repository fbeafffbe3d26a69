/** See array-views.mjs. */
export function arrayViewConstructor(
  dtype: string,
  dimension: number,
  constructors: readonly unknown[],
): (data: unknown, shape?: number[], stride?: number[], offset?: number) => unknown;
