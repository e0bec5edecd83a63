// The recipes of pkg/README.md, and the packages that they name: those of hosts/package-lock.json.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';

export { docsRecipe, inCommonJs, recipe, recipes } from '../recipe.mjs';

/** Where the packages are. */
export const HOSTS = fileURLToPath(new URL('hosts/', import.meta.url));

/** A folder among the packages, for one test file. */
export const folder = await mkdtemp(join(HOSTS, 'made-'));
after(() => rm(folder, { recursive: true, force: true }));

/** Writes a file there, and returns its path. */
export const write = async (name, content) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

/** Runs Jest there on one test; resolves with what it said, and rejects if that failed. */
export const runJest = async (code, testEnvironment) => {
  await write('recipe.test.js', code);
  const config = JSON.stringify({ rootDir: folder, testEnvironment, transform: {} });
  const jest = join(HOSTS, 'node_modules/jest/bin/jest.js');
  const { stderr } = await promisify(execFile)(process.execPath, [jest, '--config', config], { cwd: folder, timeout: 60_000 });
  return stderr;
};
