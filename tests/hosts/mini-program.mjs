// What the command line of a framework makes of an example for WeChat.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Builds an example by a program of its packages; nothing of wx-soter may be in the scripts that come of it. */
export const buildWithout = async (folder, program, args, env = {}) => {
  const path = join(folder, 'node_modules', program);
  const options = { cwd: folder, env: { ...process.env, CI: '1', NO_COLOR: '1', ...env } };
  await promisify(execFile)(process.execPath, [path, ...args], options);
  const entries = await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true });
  const scripts = entries.filter(({ name }) => name.endsWith('.js'));
  const code = await Promise.all(scripts.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
  const all = code.join('\n');
  assert.match(all, /startSoterAuthentication/);
  // What its module and its calls cannot be without, and its name, but for the example's own.
  const found = all.match(/WebAssembly|onKeyCreated:|wx-soter(?!-example)/g);
  assert.equal(found, null);
};
