// What a user can name, in one text: the declarations behind the exports of each entry.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseAst } from 'vite';

const TYPES = fileURLToPath(new URL('../../dist/types/src', import.meta.url));

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly source?: { readonly value: string } | null;
  readonly declaration?: { readonly id?: { readonly name: string } } | null;
  readonly specifiers?: readonly { readonly exported?: { readonly name: string } }[];
}

interface File {
  readonly text: string;
  readonly nodes: readonly Node[];
}

/** The entries whose types must be the same. */
const CLIENTS = ['node', 'browser', 'workerd', 'inline'];

export function publicTypes(): string {
  const [first = '', ...others] = CLIENTS.map((name) => declarationsOf(`entry.${name}.d.ts`).join('\n'));
  if (others.some((other) => other !== first))
    throw new Error(`the entries ${CLIENTS.join(', ')} differ in their types`);
  const react = declarationsOf('react.d.ts').join('\n');
  return [
    '// The public types of the package: the lock that test/api.test.ts compares. Of the classes of `cxauth` only AuthError is',
    '// there at run time; the others are types.',
    '',
    ...importsOf('react.d.ts'),
    '',
    '// cxauth, cxauth/inline',
    '',
    first,
    '// cxauth/react',
    '',
    react,
  ].join('\n');
}

/** What a file exports, with comments: first its own, then what it hands on. */
function declarationsOf(name: string): string[] {
  const file = parse(name);
  const own = file.nodes.filter(isDeclaration).map((node) => textOf(file, node));
  const handedOn = file.nodes.filter(isHandedOn).flatMap((node) => {
    const source = fileOf(node);
    if (node.type === 'ExportAllDeclaration') return declarationsOf(source);
    const names = new Set(node.specifiers?.map((specifier) => specifier.exported?.name));
    const other = parse(source);
    const found = other.nodes.filter((candidate) => names.has(candidate.declaration?.id?.name));
    if (found.length < names.size) throw new Error(`${source} lacks some of ${[...names].join(', ')}`);
    return found.map((candidate) => textOf(other, candidate));
  });
  return [...own, ...handedOn];
}

/** The imports of other packages. */
function importsOf(name: string): string[] {
  const file = parse(name);
  const imports = file.nodes.filter((node) => node.type === 'ImportDeclaration');
  return imports
    .filter((node) => !node.source?.value.startsWith('.'))
    .map(({ start, end }) => file.text.slice(start, end));
}

function parse(name: string): File {
  const text = readFileSync(join(TYPES, name), 'utf8');
  return { text, nodes: parseAst(text, { lang: 'dts' }, name).body as unknown as Node[] };
}

function isDeclaration(node: Node): boolean {
  return node.declaration != null;
}

function isHandedOn(node: Node): boolean {
  return node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source != null);
}

function fileOf(node: Node): string {
  return (node.source?.value ?? '').replace(/^\.\//, '').replace(/\.js$/, '.d.ts');
}

function textOf({ text, nodes }: File, node: Node): string {
  const before = nodes.findLast((other) => other.end <= node.start)?.end ?? 0;
  return `${text.slice(before, node.end).trim()}\n`;
}
