/** A seed that differs from device to device. It guards nothing, so where there is no `crypto` anything will do. */
export const randomSeed = () => {
  const { crypto } = globalThis;
  const numbers = crypto ? crypto.getRandomValues(new Uint32Array(4)) : [0, 0, 0, 0].map(Math.random);
  return [...numbers].join();
};
