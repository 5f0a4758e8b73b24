/** A refusal or fault as the server worded it (RFC 9457), or our own sentence when no server answered. */
export class ProblemError extends Error {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;

  constructor(problem: {
    title: string;
    status: number;
    code: string;
    detail: string;
    fields?: Record<string, string> | undefined;
  }) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.title = problem.title;
    this.status = problem.status;
    this.code = problem.code;
    this.fields = problem.fields ?? {};
  }
}

/** Title and sentence for any error, so that every place shows errors alike. */
export function problemOf(error: unknown): { title: string; detail: string; fields: Readonly<Record<string, string>> } {
  if (error instanceof ProblemError) return { title: error.title, detail: error.message, fields: error.fields };
  return {
    title: 'Something went wrong on this page',
    detail: error instanceof Error ? error.message : 'Please try again.',
    fields: {},
  };
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

/** Reads a failed answer; an answer that is no problem document (a proxy's page, say) still becomes a sentence. */
export async function readProblem(response: Response): Promise<ProblemError> {
  let parsed: Record<string, unknown> = {};
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null) parsed = { ...body };
  } catch {
    // Not JSON: the status alone must do.
  }
  const fields: Record<string, string> = {};
  if (typeof parsed.fields === 'object' && parsed.fields !== null)
    for (const [name, sentence] of Object.entries(parsed.fields))
      if (typeof sentence === 'string') fields[name] = sentence;
  return new ProblemError({
    title: text(parsed.title, response.status >= 500 ? 'The server could not answer' : 'That was refused'),
    status: response.status,
    code: text(parsed.code, 'unknown'),
    detail: text(
      parsed.detail,
      `The server answered with status ${response.status}. Nothing was changed. Try again in a moment.`,
    ),
    fields,
  });
}

export const unreachable = () =>
  new ProblemError({
    title: 'The server cannot be reached',
    status: 0,
    code: 'unreachable',
    detail: 'Check that Dunwell is running and that you are connected. Nothing you entered is lost.',
  });
