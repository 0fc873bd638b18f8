export interface Example {
  readonly name: string;
  readonly language: string;
  readonly code: string;
  readonly place: 'program' | 'page' | 'route';
}

export function examples(): Example[];
