/** @import { FailResult } from '../../pkg/types/index.js' */
/** @import { CallName, EndOf } from './calls.js' */
import { byId } from './by-id.js';
import { duration } from './duration.js';
import { element } from './element.js';
import { explain, explainRefusal, words } from './language.js';
import { failureCodes, message } from './message.js';
import { hasServer, whyRefused } from './server.js';

const place = byId('outcome');
let shown = () => {};

/**
 * Says in a sentence, beside the button, how a call ended.
 *
 * @param {EndOf<CallName>} ended
 * @param {boolean} emulated whether the emulator answered
 * @param {string} [newKeyOf] the name of whoever got a key by it
 */
export function showOutcome(ended, emulated, newKeyOf) {
  const why = whyRefused();
  shown = () => place.replaceChildren(ended.ok ? success(ended, emulated, newKeyOf) : failure(ended.answer, why));
  shown();
  // On a phone it may lie below the screen's edge.
  place.scrollIntoView({ block: 'nearest' });
}

export function clearOutcome() {
  shown = () => place.replaceChildren();
  shown();
}

document.addEventListener('words', () => shown());

/**
 * @param {FailResult} answer
 * @param {string | undefined} why the server refused the latest new key
 */
function failure(answer, why) {
  const isByServer = answer.reason === 'enrolment-refused' && hasServer();
  return message('bad', isByServer ? refusal(why) : explain(answer.reason), ...failureCodes(answer));
}

/** @param {string | undefined} why */
const refusal = why => (why === 'silent' ? words().serverSilent : [words().keyRefused, explainRefusal(why)]);

/**
 * @param {Extract<EndOf<CallName>, { ok: true }>} ended
 * @param {boolean} emulated
 * @param {string | undefined} newKeyOf
 */
function success({ name, answer, ms }, emulated, newKeyOf) {
  if (name === 'checkIsSupportSoterAuthentication') {
    const modes = answer.supportMode.join(', ') || words().noModes;
    return message(answer.supportMode.length ? 'good' : 'warn', [words().supportFound, `supportMode: ${modes}`]);
  }
  if (name === 'checkIsSoterEnrolledInDevice') {
    const title = answer.isEnrolled ? words().enrolledFound : words().notEnrolledFound;
    return message(answer.isEnrolled ? 'good' : 'warn', [title, `isEnrolled: ${answer.isEnrolled}`]);
  }
  const link = element('a', { href: '#result-card' }, words().seeResult);
  const { verified, signed, unsigned, emulatorPassed, emulatorSigned, emulatorUnsigned } = words();
  const texts = emulated ? [emulatorSigned, emulatorUnsigned] : [signed, unsigned];
  const title = (emulated ? emulatorPassed : verified)(duration(ms));
  return message(
    emulated ? 'warn' : 'good',
    [title, answer.resultJSON ? texts[0] : texts[1]],
    newKeyOf ? element('p', { class: 'text' }, words().newKey(newKeyOf)) : undefined,
    element('p', { class: 'see' }, link),
  );
}
