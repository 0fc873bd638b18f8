export interface Example {
  readonly name: string;
  readonly language: string;
  readonly code: string;
  readonly place: 'module' | 'page' | 'program' | 'route' | 'sign-in' | 'sign-in page';
  /** Of a module: its name, without an ending. */
  readonly file: string | undefined;
}

export function examples(): Example[];
