// The tests of the example for Jest, which pass.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { installExample } from './example.mjs';

test('npm start runs the tests', async () => {
  const folder = await installExample('jest');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { stderr } = await promisify(execFile)(npm, ['start'], { cwd: folder });
  assert.match(stderr, /Tests: +2 passed, 2 total/);
});
