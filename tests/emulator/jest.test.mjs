// The recipes for Jest and miniprogram-simulate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe, runJest } from './recipes.mjs';

for (const environment of ['node', 'jsdom']) {
  test(`Jest with fake timers, environment ${environment}`, async () => {
    assert.match(await runJest(recipe('Jest'), environment), /1 passed, 1 total/);
  });
}

test('miniprogram-simulate', async () => {
  assert.match(await runJest(recipe('miniprogram-simulate'), 'jsdom'), /1 passed, 1 total/);
});
