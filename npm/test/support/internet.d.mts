export const SECRET: string;
export function furnish(control: string): Promise<Record<string, string>>;
export function lead(hosts: Record<string, string>): () => void;
