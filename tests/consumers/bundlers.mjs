// Bundlers as people start with them: an entry, and no configuration beside it. Each makes, in a folder, a page that
// loads what it bundled, and resolves with its warnings.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { build as vite, createLogger } from 'vite';
import webpack from 'webpack';
import webpack4 from 'webpack4';

const page = script => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>${script}<body>`;

const writePage = async (folder, script) => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), page(script));
};

const bundleByWebpack = (webpack, textOf) => async (entry, folder) => {
  const compiler = webpack({
    entry,
    mode: 'production',
    context: dirname(entry),
    output: { path: folder, filename: 'bundle.js' },
  });
  const stats = await promisify(done => compiler.run(done))();
  // It is new in webpack 5.
  if (compiler.close) await promisify(done => compiler.close(done))();
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  if (errors.length) throw new Error(errors.map(textOf).join('\n'));
  await writePage(folder, '<script defer src="bundle.js"></script>');
  return warnings.map(textOf);
};

export const bundlers = {
  async esbuild(entry, folder) {
    const options = { entryPoints: [entry], outfile: join(folder, 'bundle.js'), bundle: true, minify: true };
    const { warnings } = await esbuild({ ...options, logLevel: 'silent' });
    await writePage(folder, '<script src="bundle.js"></script>');
    return warnings.map(({ text }) => text);
  },

  async rollup(entry, folder) {
    const warnings = [];
    // Without this plugin Rollup finds no package at all.
    const bundle = await rollup({ input: entry, plugins: [nodeResolve()], onwarn: ({ message }) => warnings.push(message) });
    await bundle.write({ file: join(folder, 'bundle.js'), format: 'es' });
    await bundle.close();
    await writePage(folder, '<script type="module" src="bundle.js"></script>');
    return warnings;
  },

  async vite(entry, folder) {
    const warnings = [];
    const note = message => void warnings.push(message);
    const logger = { ...createLogger('silent'), warn: note, warnOnce: note, error: note };
    // Vite's entry is a page, which it rewrites.
    const root = `${folder}-source`;
    await writePage(root, `<script type="module" src="../${basename(entry)}"></script>`);
    await vite({
      root,
      configFile: false,
      logLevel: 'silent',
      customLogger: logger,
      build: { outDir: folder, emptyOutDir: true },
    });
    return warnings;
  },

  webpack: bundleByWebpack(webpack, error => error.message),

  // What uni-app's Vue 2 projects and older Taro projects build with. It reads ES2019, and no `exports` of packages.
  webpack4: bundleByWebpack(webpack4, String),
};
