import { KERNEL_VERSION } from './kernel-module';

/** `auto`: the kernels where they are to be had; `reference`: plain TypeScript. */
export type EngineChoice = 'auto' | 'reference';

/** Said of results that plain TypeScript computed. */
export const REFERENCE_ENGINE = 'reference';

/** What is said of results of the kernels. */
export function describeEngine(precision: 'single' | 'double'): string {
  return `WebAssembly kernels, version ${KERNEL_VERSION}, ${precision} precision`;
}
