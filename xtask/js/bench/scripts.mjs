// The scripts that are measured.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The package's single file, as it is shipped. */
export const wxSoter = await readFile(`${root}pkg/dist/wx-soter.global.js`, 'utf8');

/** `@simplewebauthn/browser`, the part that authenticates, as a bundler makes it; global `SimpleWebAuthn`. */
export const bundleSimpleWebAuthn = async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export { startAuthentication } from '@simplewebauthn/browser'", resolveDir: root },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'SimpleWebAuthn',
    write: false,
  });
  return outputFiles[0].text;
};

/** A released version, for the table. */
export const versionOf = async name => {
  const path = name === 'wx-soter' ? 'pkg/package.json' : `node_modules/${name}/package.json`;
  return JSON.parse(await readFile(root + path, 'utf8')).version;
};
