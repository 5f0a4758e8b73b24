/** A "no" is a value with a reason; a bug is thrown. `fields` points at parts of the input, path → plain sentence. */
export type Refusal<Code extends string = string> = {
  readonly ok: false;
  readonly code: Code;
  readonly detail: string;
  readonly fields?: Readonly<Record<string, string>>;
};

export type Result<T, Code extends string = string> = { readonly ok: true; readonly value: T } | Refusal<Code>;

export function ok(): Result<void, never>;
export function ok<T>(value: T): { readonly ok: true; readonly value: T };
export function ok(value?: unknown): unknown {
  return { ok: true, value };
}

/** `detail` is a full sentence for the person who asked: what was refused and what to do about it. */
export function refuse<Code extends string>(
  code: Code,
  detail: string,
  fields?: Readonly<Record<string, string>>,
): Refusal<Code> {
  return fields === undefined ? { ok: false, code, detail } : { ok: false, code, detail, fields };
}

/** The value, or a thrown fault: for callers to whom a refusal would be a bug (trusted rows, tests, seeds). */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.code}: ${result.detail}`);
}
