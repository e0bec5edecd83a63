// The package as npm would publish it, installed into a folder of its own for one test file.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { after } from 'node:test';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The consumer's folder, outside of the repository so that nothing of it is found by accident. */
export const consumer = await realpath(await mkdtemp(join(tmpdir(), 'wx-soter-consumer-')));
after(() => rm(consumer, { recursive: true, force: true }));

const packed = await run(npm, ['pack', '--json', '--pack-destination', consumer], { cwd: join(ROOT, 'pkg') });

/** What npm says of the tarball. */
export const tarball = Object.values(JSON.parse(packed.stdout))[0];

/** The tarball itself. */
export const tarballPath = join(consumer, tarball.filename);

await writeFile(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
await run(npm, ['install', '--offline', '--no-audit', '--no-fund', tarballPath], { cwd: consumer });

/** The installed package. */
export const installed = (path = '') => join(consumer, 'node_modules/wx-soter', path);

/** Writes a file of the consumer's, and returns its path. */
export const write = async (name, content) => {
  const path = join(consumer, name);
  await writeFile(path, content);
  return path;
};

/** Copies a folder beside this file to the consumer. */
export const copy = name => cp(new URL(name, import.meta.url), join(consumer, name), { recursive: true });

/** Lets the consumer have another package of the repository's. */
export const borrow = async name => {
  const there = join(consumer, 'node_modules', name);
  await symlink(join(ROOT, 'node_modules', name), there, 'junction');
};

/**
 * Installs packages that bring a binary for each system, too many for the repository's lock file. They are the consumer's
 * own, as in an application.
 */
export const install = (...packages) =>
  run(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd: consumer });

/** Runs Node.js in the consumer's folder; it has to end by itself, and well, in ten seconds. */
export const node = (...args) => run(process.execPath, args, { cwd: consumer, timeout: 10_000 });

/** The same for what takes longer; the limit, ten minutes, is for what hangs. */
export const build = (...args) => run(process.execPath, args, { cwd: consumer, timeout: 600_000 });

/** Runs a program of the repository's packages in the consumer's folder; resolves with what it printed and its code. */
export const program = (name, ...args) => {
  const path = join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  return run(path, args, { cwd: consumer }).then(
    ({ stdout, stderr }) => ({ code: 0, printed: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, printed: stdout + stderr }),
  );
};
