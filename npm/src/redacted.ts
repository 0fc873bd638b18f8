/** What Node's `util.inspect` asks for. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Makes objects of a class print as `Name(redacted)`, wherever they are printed. */
export function redact(prototype: object, name: string): void {
  const text = `${name}(redacted)`;
  const say = { value: () => text, configurable: true, writable: true };
  Object.defineProperties(prototype, {
    toString: say,
    toJSON: say,
    [INSPECT]: say,
    [Symbol.toStringTag]: { value: name, configurable: true },
  });
}
