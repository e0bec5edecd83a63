// server/deploy/soter-server.service, read by systemd itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const analyze = parameters => spawnSync('systemd-analyze', parameters, { encoding: 'utf8' });
const skip = analyze(['--version']).status === 0 ? false : 'there is no systemd-analyze';
if (skip) console.log(`SKIPPED systemd: ${skip}`);

const folder = mkdtempSync(join(tmpdir(), 'wx-soter-systemd-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The unit with another line in it, for a program that is there. */
const unit = (more = '') => {
  const file = join(folder, 'soter-server.service');
  const text = readFileSync('server/deploy/soter-server.service', 'utf8');
  writeFileSync(
    file,
    text.replaceAll('/usr/local/bin/soter-server', process.env.WX_SOTER_SERVER).replace('[Service]', `[Service]\n${more}`),
  );
  return file;
};

test('systemd knows each line of the unit', { skip }, () => {
  const { status, stdout, stderr } = analyze(['verify', unit()]);
  assert.deepEqual([status, stdout + stderr], [0, '']);
  assert.match(analyze(['verify', unit('ProtectNothing=yes')]).stderr, /ProtectNothing/);
});

test('its sandbox leaves little to an attacker', { skip }, () => {
  const { stdout, stderr } = analyze(['security', '--offline=true', unit()]);
  const exposure = Number(/Overall exposure level for soter-server.service: ([\d.]+)/.exec(stdout)?.[1]);
  // systemd's own scale: below 2 it calls a service safe enough.
  assert.ok(exposure < 2, `${exposure} ${stderr}`);
});
