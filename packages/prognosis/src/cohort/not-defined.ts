import { InputRefused } from '@myelon/diffusion';

/** What cannot be computed from these patients, and why. */
export function notDefined(what: string, method: string, whatToDo = 'add patients'): InputRefused {
  return new InputRefused(what, method, whatToDo);
}

/** @throws InputRefused when there are fewer than `needed` values */
export function needValues(have: number, needed: number, method: string): void {
  if (have < needed)
    throw notDefined(`${String(have)} patients with a value, ${String(needed)} are needed`, method);
}
