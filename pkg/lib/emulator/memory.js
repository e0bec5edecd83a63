/** What keeps the keys of one device, in the form of `localStorage`. */
export const createMemory = () => {
  const items = new Map();
  return {
    getItem: name => items.get(name) ?? null,
    setItem: (name, item) => void items.set(name, item),
  };
};
