// The same in Firefox, with the same answer for the key and for the probe.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../server/firefox.mjs';
import { ANSWERS, play } from './keys-in-doubt.mjs';
import { addPage } from './site.mjs';

for (const answer of ANSWERS) {
  test(`a key is used again or replaced, after "${answer.join(' ').trim()}"`, async t => {
    const { evaluate } = await open(t, addPage());
    const there = await evaluate(play, false, answer, answer, 5);
    const isFound = answer[0] === 'InvalidStateError';
    assert.equal(there.starts.indexOf('success'), isFound ? 2 : 3, `there: ${there.starts}`);
    assert.equal(there.signed, there.made[0]);
    const gone = await evaluate(play, true, answer, answer, 7);
    const last = isFound || answer[0] === 'silence' ? 4 : 3;
    assert.equal(gone.starts.indexOf('success'), last, `gone: ${gone.starts}`);
    assert.equal(gone.signed, gone.made[1]);
  });
}
