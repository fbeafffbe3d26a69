import { CONCEPTS, VALUES } from '../codes/concepts';
import { codedItem, container, contains, imageItem, related, type ContentItem } from './content-items';
import type { SourceSeries } from './evidence';

/**
 * Image library (TID 1600): every source series with its first image. The other images are listed as evidence: a tree
 * with hundreds of images is beyond template validators.
 */
export function imageLibrary(sources: readonly SourceSeries[]): ContentItem {
  return container(CONCEPTS.imageLibrary, contains(...sources.map(imageLibraryGroup)));
}

function imageLibraryGroup({ sopClassUID, sopInstanceUIDs }: SourceSeries): ContentItem {
  return container(CONCEPTS.imageLibraryGroup, [
    ...related(
      'HAS ACQ CONTEXT',
      codedItem(CONCEPTS.modality, VALUES.magneticResonance),
      codedItem(CONCEPTS.targetRegion, VALUES.cervicalSpine),
    ),
    ...contains(
      ...sopInstanceUIDs
        .slice(0, 1)
        .map((uid) => imageItem(null, { ReferencedSOPClassUID: sopClassUID, ReferencedSOPInstanceUID: uid })),
    ),
  ]);
}
