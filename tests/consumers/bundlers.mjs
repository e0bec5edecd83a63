// Bundlers as people start with them: an entry, and no configuration beside it. Each makes, in a folder, a page that
// loads what it bundled, and resolves with its warnings.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { build as vite, createLogger } from 'vite';
import webpack from 'webpack';

const page = script => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>${script}<body>`;

const writePage = async (folder, script) => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), page(script));
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

  async webpack(entry, folder) {
    const compiler = webpack({
      entry,
      mode: 'production',
      context: dirname(entry),
      output: { path: folder, filename: 'bundle.js' },
    });
    const stats = await new Promise((resolve, reject) =>
      compiler.run((error, stats) => (error ? reject(error) : resolve(stats))),
    );
    await new Promise(closed => compiler.close(closed));
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    if (errors.length) throw new Error(errors.map(({ message }) => message).join('\n'));
    await writePage(folder, '<script defer src="bundle.js"></script>');
    return warnings.map(({ message }) => message);
  },
};
