/** The pinned viewer. Its dependencies on npm are not needed: the package holds the built site. */
export const viewerPackage = {
  name: '@ohif/app',
  version: '3.13.2',
  integrity:
    'sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==',
} as const;

/**
 * Parts of the package this deployment does not serve: models of the segment-anything tools and the whole-slide
 * viewer (156 of 204 MB), an example configuration with somebody's client id, and a service worker that loads
 * its code from a public network.
 */
export const leftOut = [
  'ort',
  'dicom-microscopy-viewer',
  'google.js',
  'sw.js',
  '_headers',
  '_redirects',
  'serve.json',
];
