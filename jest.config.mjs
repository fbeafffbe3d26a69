/**
 * Two projects: `unit` runs anywhere with npm alone; `system` needs real peers and servers
 * (Chromium, Orthanc, dcmtk, dipy) and lives in test/.
 */
const transform = {
  '^.+\\.(ts|tsx|mjs)$|/(nifti-reader-js|d3-[a-z-]+|internmap)/.+\\.js$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'automatic' } },
      },
      module: { type: 'commonjs' },
    },
  ],
};
const shared = {
  transform,
  testEnvironment: 'node',
  // ES modules without a CommonJS build.
  transformIgnorePatterns: ['/node_modules/(?!nifti-reader-js/|d3-|internmap/)'],
  moduleNameMapper: {
    '\\.css$': '<rootDir>/test/support/empty-style.cjs',
    '^nifti-reader-js$': '<rootDir>/node_modules/nifti-reader-js/dist/nifti.js',
  },
  modulePathIgnorePatterns: ['/dist/', '/.myelon/'],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      setupFiles: ['<rootDir>/test/support/text-encoding.cjs'],
      testMatch: ['<rootDir>/{packages,extensions,modes,platform-config}/**/*.test.{ts,tsx}'],
    },
    {
      ...shared,
      displayName: 'system',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
    },
  ],
};
