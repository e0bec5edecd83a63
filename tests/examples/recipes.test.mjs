// Where an example and a README have the same code, it is the same.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ROOT } from '../consumers/installed.mjs';
import { inCommonJs, recipe, recipes } from '../recipe.mjs';
import { textOf } from './example.mjs';

const [server, page] = recipes('Express');

for (const [file, code] of [
  ['express/soter.js', server],
  ['express/public/confirmer.js', page],
  ['worker/public/confirmer.js', page],
  ['worker/public/page.js', await textOf('express/public/page.js')],
  ['jest/payment.test.js', recipes('Jest')[0]],
  ['jest/confirmer.test.js', recipes('Jest')[1]],
  ['jest/confirmer.js', inCommonJs(page)],
  ['host/public/soter.js', recipe('A host that registers handlers by name')],
  ['taro/src/soter.js', recipe('Taro on H5')],
  ['uni-app/src/soter.js', recipe('uni-app on H5')],
]) {
  test(`examples/${file}`, async () => {
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

for (const [page, code] of [
  ['taro.md', recipe('Taro on H5')],
  ['uni-app.md', recipe('uni-app on H5')],
  ['hosts.md', recipe('A host that registers handlers by name')],
  ['jest.md', recipes('Jest')[0]],
  ['jest.md', recipes('Jest')[1]],
]) {
  test(`docs/frameworks/${page} has the recipe`, async () => {
    const text = await readFile(`${ROOT}/docs/frameworks/${page}`, 'utf8');
    assert.ok(text.includes(`\`\`\`js\n${code}\`\`\``));
  });
}

for (const [page, example, files] of [
  ['taro.md', 'taro', ['src/soter.js', 'src/post.js', 'src/pages/index/index.jsx']],
  ['uni-app.md', 'uni-app', ['src/soter.js', 'src/post.js', 'src/pages/index/index.vue']],
]) {
  test(`docs/frameworks/${page} has the files of its example`, async () => {
    const text = await readFile(`${ROOT}/docs/frameworks/${page}`, 'utf8');
    for (const file of files) {
      const after = text.split(`\`${file}\``)[1];
      const [, code] = /```\w+\n([^]*?)```/.exec(after);
      assert.equal(code, await textOf(`${example}/${file}`), file);
    }
  });
}

test('the pages of Taro and uni-app have the emulator of the recipe', async () => {
  const [, , emulated] = recipes('Taro on H5');
  for (const page of ['taro.md', 'uni-app.md']) {
    const text = await readFile(`${ROOT}/docs/frameworks/${page}`, 'utf8');
    assert.ok(text.includes(`\`\`\`js\n${emulated}\`\`\``), page);
  }
});
