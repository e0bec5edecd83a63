// Jest's jsdom environment has neither. What the module needs of them is UTF-8, well-formed out of it, and anything
// into it. `escape` and `unescape` are old and everywhere; between them and their newer kin lies UTF-8.

export const TextDecoder =
  globalThis.TextDecoder ||
  class {
    /** @param {Iterable<number>} [bytes] */
    decode(bytes = []) {
      return decodeURIComponent(escape(String.fromCharCode(...bytes)));
    }
  };

export const TextEncoder =
  globalThis.TextEncoder ||
  class {
    /** @param {string} text */
    encode(text) {
      // A lone surrogate becomes U+FFFD, as the standard says; encodeURIComponent would throw.
      const binary = unescape(encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')));
      return Uint8Array.from(binary, one => one.charCodeAt(0));
    }
  };
