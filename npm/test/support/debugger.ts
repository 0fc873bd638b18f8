// What a debugger shows of a value, and a browser's console with it: also private fields, and what lies behind them.

import { type Runtime, Session } from 'node:inspector';

/** Deep enough for everything that anybody unfolds. */
const DEPTH = 6;
/** The same for all objects, or not of the object. */
const LEFT_OUT = ['[[Prototype]]', '[[Scopes]]', '[[FunctionLocation]]', '__proto__'];

/** Node's types do not know the private ones. */
type Properties = Runtime.GetPropertiesReturnType & { privateProperties?: Runtime.PropertyDescriptor[] };

export function unfolded(value: unknown): string {
  const session = new Session();
  session.connect();
  const place = globalThis as { cxauthUnfolded?: unknown };
  place.cxauthUnfolded = value;
  try {
    const texts: string[] = [];
    session.post('Runtime.evaluate', { expression: 'cxauthUnfolded', generatePreview: true }, (error, found) => {
      if (error !== null) throw error;
      unfold(session, found.result, DEPTH, texts);
    });
    if (texts.length === 0) throw new Error('the debugger said nothing');
    return texts.join('\n');
  } finally {
    delete place.cxauthUnfolded;
    session.disconnect();
  }
}

function unfold(session: Session, value: Runtime.RemoteObject, depth: number, texts: string[]): void {
  texts.push(JSON.stringify(value));
  if (value.objectId === undefined || depth === 0) return;
  const ask = { objectId: value.objectId, ownProperties: true, generatePreview: true };
  session.post('Runtime.getProperties', ask, (error, found) => {
    if (error !== null) throw error;
    const { result, internalProperties = [], privateProperties = [] } = found as Properties;
    for (const property of [...result, ...internalProperties, ...privateProperties]) {
      if (LEFT_OUT.includes(property.name)) continue;
      texts.push(property.name);
      if (property.value !== undefined) unfold(session, property.value, depth - 1, texts);
    }
  });
}
