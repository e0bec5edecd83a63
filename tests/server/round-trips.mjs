// What holds of every device: its keys are registered, its results accepted once, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWeChatsForm, inWebauthn, unverified } from './edits.mjs';
import { elsewhere } from './elsewhere.mjs';
import { OK, databases, forAnother, newOpenid, no, ofOwn, startServer } from './soter-server.mjs';

const NO_KEYS = { errcode: 40003, errmsg: 'invalid openid' };
const ELSEWHERE = 'https://elsewhere.example';

/** The first use on a device: a key and a result with one challenge of the server. */
const enrol = async ({ server, device, openid, ...others }) => {
  const challenge = await server.challenge(openid);
  const { registrations, answer, failure } = await device.start(challenge);
  assert.ok(answer, JSON.stringify(failure));
  assert.equal(registrations.length, 1);
  const more = others.withUid && { uid: JSON.parse(answer.resultJSON).uid };
  assert.deepEqual(await server.register(openid, registrations[0], more), { ...OK, cpu_id: registrations[0].id });
  return { challenge, registration: registrations[0], answer };
};

/** The tests of a device of pages of `origin`; `open` gives a new one, which ends with its test. */
export const roundTrips = (name, origin, open) => {
  for (const database of databases) {
    const round = (title, run) =>
      test(`${name}, ${database.name}: ${title}`, { skip: database.skip }, async t => {
        const own = ofOwn(database);
        const server = await startServer({ database: own, origin });
        // SQLite is for one instance: the other is the same one, or has a copy.
        const start = settings =>
          settings || own === database ? startServer({ database: forAnother(own), origin, ...settings }) : server;
        await run({ start, server, device: await open(t), openid: newOpenid() });
      });

    round('a key is registered, and each of its results is accepted once', async ({ start, server, device, openid }) => {
      const other = elsewhere(origin);
      const { challenge, registration, answer } = await enrol({ server, device, openid });
      assert.ok(await other.registers(registration, challenge));
      assert.deepEqual(await server.register(openid, registration), no('challenge-used'));
      assert.deepEqual(await server.verify(openid, answer), OK);
      assert.ok(await other.accepts(answer, challenge));

      assert.deepEqual(await server.verify(openid, answer), no('challenge-used'));
      assert.equal(await other.accepts(answer, challenge), false);
      const second = await start();
      assert.deepEqual(await second.verify(openid, answer), no('challenge-used'));

      // A later use, checked by an instance that has not seen the first.
      const next = await second.challenge(openid);
      const later = await device.start(next);
      assert.deepEqual(later.registrations, []);
      const verdicts = await Promise.all([server, second].map(instance => instance.verify(openid, later.answer)));
      assert.equal(verdicts.filter(({ is_ok }) => is_ok).length, 1, JSON.stringify(verdicts));
      assert.ok(
        verdicts.some(({ reason }) => reason === 'challenge-used'),
        JSON.stringify(verdicts),
      );
      assert.ok(await other.accepts(later.answer, next));
    });

    round('whatever is edited is refused for just that, before and after', async ({ server, device, openid }) => {
      const other = elsewhere(origin);
      const { challenge, registration, answer } = await enrol({ server, device, openid, withUid: true });
      assert.ok(await other.registers(registration, challenge));
      const assertRefused = async () => {
        for (const [reason, edit] of Object.entries(inWeChatsForm)) {
          assert.deepEqual(await server.verify(openid, edit(answer)), no(reason));
        }
        for (const [reason, edit] of inWebauthn) {
          assert.deepEqual(await server.verify(openid, edit(answer)), no(reason));
          assert.equal(await other.accepts(edit(answer), challenge), false, reason);
        }
      };
      await assertRefused();
      assert.deepEqual(await server.verify(openid, answer), OK);
      assert.ok(await other.accepts(answer, challenge));
      await assertRefused();
    });

    round('nothing is good for another user', async ({ server, device, openid }) => {
      const { registration } = await enrol({ server, device, openid });
      const somebody = newOpenid();
      const theirs = await server.challenge(somebody);
      const { answer } = await device.start(theirs);
      assert.deepEqual(await server.verify(somebody, answer), NO_KEYS);
      assert.deepEqual(await server.verify(openid, answer), no('challenge-unknown'));
      assert.deepEqual(await server.register(somebody, registration), no('challenge-unknown'));
    });

    round('another page’s server takes neither its keys nor its results', async ({ start, server, device, openid }) => {
      const { challenge, registration, answer } = await enrol({ server, device, openid });
      // Each with a page of its own, too, or the settings would be refused.
      const otherOrigin = await start({ origin: `${ELSEWHERE},http://localhost:1` });
      const otherRpId = await start({ rpId: 'elsewhere.example', origin: `${origin},https://elsewhere.example` });
      assert.deepEqual(await otherOrigin.register(openid, registration), no('origin-not-allowed'));
      assert.deepEqual(await otherOrigin.verify(openid, answer), no('origin-not-allowed'));
      assert.deepEqual(await otherRpId.register(openid, registration), no('rp-id-mismatch'));
      assert.deepEqual(await otherRpId.verify(openid, answer), no('rp-id-mismatch'));
      assert.equal(await elsewhere(ELSEWHERE).registers(registration, challenge), false);
      assert.deepEqual(await server.verify(openid, answer), OK);
    });

    round('a removed key is good for nothing', async ({ server, device, openid }) => {
      const { answer } = await enrol({ server, device, openid });
      const { cpu_id } = JSON.parse(answer.resultJSON);
      assert.deepEqual(await server.call('remove_key', { openid, cpu_id }), OK);
      assert.deepEqual(await server.verify(openid, answer), NO_KEYS);
      assert.deepEqual(await server.call('remove_key', { openid, all: true }), NO_KEYS);
    });

    round('what nobody was verified for is never accepted', async ({ server, device, openid }) => {
      const { registration, challenge, answer } = await enrol({ server, device, openid });
      const other = elsewhere(origin);
      assert.ok(await other.registers(registration, challenge));
      await device.setUserVerified(false);
      const next = await server.challenge(openid);
      // The page learns of no success.
      assert.equal((await device.start(next)).answer, undefined);
      if (device.startUnverified) {
        const { flags, ...result } = await device.startUnverified(next, registration.id);
        assert.equal(flags & 0x04, 0);
        assert.deepEqual(await server.verify(openid, result), no('user-not-verified'));
        assert.equal(await other.accepts(result, next), false);
      }
      assert.deepEqual(await server.register(openid, unverified(registration)), no('user-not-verified'));
      assert.equal(await elsewhere(origin).registers(unverified(registration), challenge), false);
      await device.setUserVerified(true);
      if (device.spoilVerification) {
        await device.spoilVerification();
        const { failure } = await device.start(next);
        assert.deepEqual([failure.errCode, failure.reason], [90009, 'not-verified']);
      }
      assert.deepEqual(await server.verify(openid, answer), OK);
    });
  }
};
