export interface Example {
  readonly name: string;
  readonly language: string;
  readonly code: string;
  readonly place: 'program' | 'page' | 'route' | 'module';
  /** Of a module: its name, without an ending. */
  readonly file: string | undefined;
}

export function examples(): Example[];
