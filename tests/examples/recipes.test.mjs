// Where an example and a README have the same code, it is the same.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ROOT } from '../consumers/installed.mjs';
import { recipe, recipes } from '../recipe.mjs';
import { textOf } from './example.mjs';

const [server, page] = recipes('Express');

for (const [file, code] of [
  ['express/soter.js', server],
  ['express/public/confirmer.js', page],
  ['worker/public/confirmer.js', page],
  ['worker/public/page.js', await textOf('express/public/page.js')],
  ['jest/payment.test.js', recipe('Jest')],
  ['host/public/soter.js', recipe('A host that registers handlers by name')],
  ['taro/src/soter.js', recipe('Taro on H5')],
]) {
  // Those that are there: a test of its own starts each example.
  test(`examples/${file}`, { skip: existsSync(`${ROOT}/examples/${file}`) ? false : 'not there' }, async () => {
    assert.equal(await textOf(file), code);
  });
}

test('examples/soter-server has the code of "From page to server"', async () => {
  const text = await readFile(`${ROOT}/README.md`, 'utf8');
  const section = text.split('\n## From page to server\n')[1].split('\n## ')[0];
  const [page, backend] = [...section.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
  assert.ok((await textOf('soter-server/public/page.js')).includes(page));
  assert.ok((await textOf('soter-server/server.js')).includes(backend));
});
