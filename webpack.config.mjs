import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const extension = join(root, 'extensions/cervical-myelopathy');
const mode = join(root, 'modes/cervical-myelopathy');

/** Shared by everything that runs in the browser: strict TypeScript through swc, no eval, nothing from elsewhere. */
function browserModules(name, environment) {
  return {
    name,
    mode: environment.development ? 'development' : 'production',
    target: ['web', 'es2022'],
    // Never an eval source map: the viewer's content security policy forbids eval.
    devtool: 'source-map',
    experiments: { outputModule: true },
    resolve: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
    module: {
      rules: [
        { test: /\.tsx?$/, exclude: /node_modules/, use: { loader: 'swc-loader', options: swc } },
        { test: /\.css$/, use: ['style-loader', 'css-loader'] },
      ],
    },
    performance: { maxEntrypointSize: 2_000_000, maxAssetSize: 2_000_000 },
    stats: 'errors-warnings',
  };
}

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic' } },
  },
};

/** An ES module with one default export, loadable from any address: chunks and the worker lie beside it. */
const moduleOutput = {
  module: true,
  library: { type: 'module' },
  publicPath: 'auto',
  chunkFormat: 'module',
  chunkFilename: '[name].[contenthash:12].js',
  clean: false,
};

/** Loaded at run time into the unmodified viewer: `dist/plugins/extension.js` and `dist/plugins/mode.js`. */
function plugins(environment) {
  return {
    ...browserModules('plugins', environment),
    entry: {
      extension: join(extension, 'src/plugin-entry.ts'),
      mode: join(mode, 'src/plugin-entry.ts'),
    },
    output: { ...moduleOutput, path: join(root, 'dist/plugins'), filename: '[name].js', clean: true },
  };
}

/**
 * The same as npm packages for sites that build their own OHIF. React is theirs; the worker stays a
 * `new Worker(new URL('./analysis-worker-entry.js', import.meta.url))`, which the site's bundler understands.
 */
function packages(environment) {
  const shared = browserModules('packages', environment);
  const keepWorker = { parser: { worker: false, url: false, importMeta: false } };
  const externals = [/^react(-dom)?($|\/)/];
  const common = {
    ...shared,
    module: { rules: [...shared.module.rules, { test: /\.tsx?$/, ...keepWorker }] },
  };
  return [
    {
      ...common,
      name: 'package of the extension',
      externalsType: 'module',
      externals,
      entry: {
        index: join(extension, 'src/index.ts'),
        'analysis-worker-entry': join(extension, 'src/reading/analysis-worker-entry.ts'),
        'cohort-worker-entry': join(extension, 'src/cohort/cohort-worker-entry.ts'),
      },
      output: { ...moduleOutput, path: join(extension, 'dist'), filename: '[name].js', clean: true },
      plugins: [workerFileNames],
    },
    {
      ...common,
      name: 'package of the mode',
      externalsType: 'module',
      externals,
      entry: { index: join(mode, 'src/index.ts') },
      output: { ...moduleOutput, path: join(mode, 'dist'), filename: '[name].js', clean: true },
    },
  ];
}

/** The source names the workers by their TypeScript files; the package carries them as JavaScript. */
const workerFileNames = {
  apply(compiler) {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.compilation.tap('WorkerFileNames', (compilation) => {
      const stage = Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE;
      compilation.hooks.processAssets.tap({ name: 'WorkerFileNames', stage }, () => {
        for (const { name, source } of compilation.getAssets()) {
          if (!name.endsWith('.js')) continue;
          const replaced = new sources.ReplaceSource(source);
          for (const sourceName of ['./analysis-worker-entry.ts', './cohort-worker-entry.ts']) {
            const at = String(source.source()).indexOf(sourceName);
            if (at >= 0) replaced.replace(at, at + sourceName.length - 1, sourceName.replace(/ts$/, 'js'));
          }
          if (replaced.getReplacements().length > 0) compilation.updateAsset(name, replaced);
        }
      });
    });
  },
};

/** Other rooms that build with webpack bring their own configuration. */
async function ofRoom(path, environment, argv) {
  const file = join(root, path);
  if (!existsSync(file)) return [];
  const { default: configuration } = await import(pathToFileURL(file).href);
  const value = typeof configuration === 'function' ? configuration(environment, argv) : configuration;
  return [value].flat();
}

/** `webpack --env packages` builds the npm packages of extension and mode too. */
export default async function configurations(environment = {}, argv = {}) {
  const own = environment.packages ? packages(environment) : [plugins(environment)];
  return environment.packages
    ? own
    : [...own, ...(await ofRoom('packages/cli/webpack.config.mjs', environment, argv))];
}
