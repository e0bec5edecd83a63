// docs/getting-started.md as somebody follows it, in both languages, and what docs/migration.md says of SimpleWebAuthn's server.
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT, consumer, install, write } from '../consumers/installed.mjs';
import { createEmulator } from '../emulator/device.mjs';
import { open } from '../package/chromium.mjs';
import { toAuthenticationResponse } from '../../pkg/dist/index.js';
import { freePort, startExample } from './example.mjs';

const codeOf = async (page, language) => {
  const text = await readFile(join(ROOT, 'docs', page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);
};

await install('express@5.3.0');
await mkdir(join(consumer, 'public'));

for (const [page, words, onceMore] of [
  ['getting-started.md', 'The server has checked it.', 'Please press once more.'],
  ['zh-CN/getting-started.md', '服务器校验通过。', '请再按一次。'],
]) {
  test(`docs/${page}: a result that the server has checked, no second time, and a server that starts anew`, async t => {
    const port = String(await freePort());
    const [server, script] = await codeOf(page, 'js');
    const [html] = await codeOf(page, 'html');
    await write('server.js', server);
    await write('public/index.html', html);
    await write('public/page.js', script);
    await write('package.json', JSON.stringify({ type: 'module', scripts: { start: 'node server.js' } }));
    const start = () => startExample(t, consumer, { env: { PORT: port }, sign: /http:/ });
    const { stop } = await start();
    const url = `http://localhost:${port}/`;
    const { page: shop, tell, pageErrors } = await open(t, url);
    // Under the policy that docs/security.md asks for.
    await shop.route(url, async route => {
      const response = await route.fetch();
      const policy = { 'content-security-policy': "script-src 'self' 'wasm-unsafe-eval'" };
      await route.fulfill({ response, headers: { ...response.headers(), ...policy } });
    });
    await shop.reload();
    const press = async said => {
      await shop.evaluate(() => void (document.querySelector('p').textContent = ''));
      await shop.click('button');
      await shop.getByText(said).waitFor();
    };
    const states = [];
    await shop.route(/(challenge|key|verify)$/, async route => {
      states.push(await shop.locator('body > button').isDisabled());
      await route.continue();
    });
    const sent = shop.waitForRequest(/verify$/);
    for (let use = 0; use < 2; use += 1) await press(words);
    assert.deepEqual(states, [true, true, true, true, true], 'nobody can press twice');
    assert.equal((await tell('getCredentials')).credentials.length, 1);
    const body = (await sent).postData();
    const again = await fetch(`${url}soter/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.deepEqual([again.status, await again.json()], [409, { reason: 'no-challenge' }]);
    assert.deepEqual(pageErrors, []);
    await tell('setUserVerified', { isUserVerified: false });
    await press('not-allowed');
    await tell('setUserVerified', { isUserVerified: true });
    await stop();
    await start();
    await press(onceMore);
    await press(words);
  });
}

test("docs/migration.md: SimpleWebAuthn's server takes a new key and a result, and no other challenge", async () => {
  await mkdir(join(consumer, 'node_modules/@simplewebauthn'), { recursive: true });
  const there = join(consumer, 'node_modules/@simplewebauthn/server');
  await symlink(join(ROOT, 'node_modules/@simplewebauthn/server'), there, 'junction');
  const code = (await codeOf('migration.md', 'js')).find(each => each.includes('@simplewebauthn/server'));
  const { register, verify } = await import(pathToFileURL(await write('simplewebauthn.mjs', code)));
  let registration;
  const onKeyCreated = each => void (registration = each);
  const { wx } = createEmulator({ origin: 'https://shop.example', onKeyCreated });
  const challenge = '由服务器下发';
  const response = toAuthenticationResponse(await wx.startSoterAuthentication({ challenge }));
  const credential = await register(registration, challenge);
  assert.equal(await verify(response, challenge, credential), true);
  await assert.rejects(verify(response, 'another', credential));
});
