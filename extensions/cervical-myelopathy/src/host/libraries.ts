import type { CornerstoneLibraries, ExtensionManager } from './ohif';

const ENTRY = '@ohif/extension-cornerstone.utilityModule.common';

interface CommonUtilities {
  readonly exports?: { readonly getCornerstoneLibraries?: () => CornerstoneLibraries };
}

/** The viewer's own copies of Cornerstone: a second copy would share neither cache nor tools. */
export function cornerstoneLibraries(extensionManager: ExtensionManager): CornerstoneLibraries {
  const entry = extensionManager.getModuleEntry(ENTRY) as CommonUtilities | undefined;
  const libraries = entry?.exports?.getCornerstoneLibraries?.();
  if (!libraries) {
    throw new Error(`${ENTRY} is missing: Myelon needs the Cornerstone extension of OHIF 3.13 or later`);
  }
  return libraries;
}
