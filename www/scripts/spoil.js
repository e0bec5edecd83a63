/** Copies of a result such as a cheat would send. */
export const cheats = {
  replay: answer => answer,
  counter: answer => edit(answer, result => (result.counter += 1)),
  // In the middle, so that it still looks like one of the server's: the last digit of base64url cannot be just any.
  challenge: answer => edit(answer, result => (result.raw = altered(result.raw, result.raw.length >> 1))),
  // Past the head of its encoding, so that it still looks like a signature.
  signature: answer => ({ ...answer, resultJSONSignature: altered(answer.resultJSONSignature, 24) }),
  // The same result, sent by somebody else.
  account: answer => answer,
};

function edit(answer, change) {
  const result = JSON.parse(answer.resultJSON);
  change(result);
  return { ...answer, resultJSON: JSON.stringify(result) };
}

/** The same text with another character at one place. */
const altered = (text, at) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
