import { resolve } from 'node:path';

const room = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

/** The command line for Node, with everything it needs inside; workers, PDF and fonts have files of their own, loaded when needed. */
export default {
  name: 'cli',
  mode: 'production',
  target: 'node20',
  entry: {
    myelon: resolve(room, 'src/main.ts'),
    'fit-worker': resolve(room, 'src/workers/fit-worker.ts'),
  },
  output: {
    path: resolve(room, 'dist'),
    filename: '[name].mjs',
    module: true,
    chunkFormat: 'module',
    library: { type: 'module' },
    clean: true,
  },
  // Loaded by the batch alone; their files have to lie where they were installed.
  externalsType: 'module',
  externals: { 'pg-boss': 'pg-boss', pg: 'pg', '@electric-sql/pglite': '@electric-sql/pglite' },
  experiments: { outputModule: true, topLevelAwait: true },
  resolve: { extensions: ['.ts', '.mjs', '.js'] },
  module: {
    // The codecs look for their WebAssembly from where the bundle lies, not from where it was built.
    parser: { javascript: { importMeta: false, createRequire: false } },
    rules: [
      {
        test: /\.ts$/,
        loader: 'swc-loader',
        options: { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } },
      },
    ],
  },
  // Readable stack traces matter more than size in a program that is never downloaded by a browser.
  optimization: { minimize: false },
  performance: { hints: false },
};
