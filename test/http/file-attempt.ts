import { takeInWaitingImports } from '../../src/flows/import-portfolio.ts';
import { systemActor } from '../../src/modules/identity/public.ts';
import { operate } from './operations.ts';
import { ask, type Opened, type RunningApp } from './running-app.ts';

/** What a person is told about a file, from the upload to its end. */
export type Told = {
  /** How far it came: the step that refused, or the state the import ended in. */
  readonly ended: string;
  /** Everything that was said on the way: problems, warnings, questions, the failure, the confirmation asked for. */
  readonly said: readonly string[];
  readonly rejects: readonly {
    readonly rowNo: number;
    readonly reason: string;
    readonly cells: Record<string, string>;
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly importId: string | null;
};

type Job = {
  id: string;
  state: string;
  failure: string | null;
  confirmation: string | null;
  counts: Record<string, number>;
};
type Inspected = { suggested: object; questions: { sentence: string }[]; warnings: string[] };
export type FileOptions = {
  readonly target?: string;
  readonly fullSnapshot?: boolean;
  readonly mapping?: (suggested: object) => object;
};

/** Sends a file through the pages' own steps, accepting what is suggested, until it is refused or ends. */
export async function attempt(
  { app, installation }: Pick<RunningApp, 'app' | 'installation'>,
  opened: Opened,
  name: string,
  bytes: string | Buffer,
  options: FileOptions = {},
): Promise<Told> {
  const said: string[] = [];
  const told = (ended: string, job: Job | null = null, rejects: Told['rejects'] = []): Told => ({
    ended,
    said,
    rejects,
    counts: job?.counts ?? {},
    importId: job?.id ?? null,
  });
  const sent = upload({ clientId: opened.clientId, target: options.target ?? 'items' }, name, Buffer.from(bytes));
  const uploaded = await ask(app, opened, 'POST', '/api/v1/imports', sent.body, sent.headers);
  if (uploaded.statusCode !== 201) {
    said.push(uploaded.json<{ detail: string }>().detail);
    return told(`upload ${uploaded.statusCode}`);
  }
  const job = uploaded.json<Job>();
  const params = { importId: job.id };
  const looked = await operate(app, opened, 'inspectImport', { params });
  if (looked.statusCode !== 200) {
    said.push(looked.json<{ detail: string }>().detail);
    return told(`inspection ${looked.statusCode}`, job);
  }
  const { suggested, warnings, questions } = looked.json<Inspected>();
  said.push(...warnings, ...questions.map((question) => question.sentence));
  const started = await operate(app, opened, 'startImport', {
    params,
    body: { mapping: options.mapping?.(suggested) ?? suggested, fullSnapshot: options.fullSnapshot ?? false },
  });
  if (started.statusCode !== 202) {
    said.push(started.json<{ detail: string }>().detail);
    return told(`start ${started.statusCode}`, job);
  }
  await takeInWaitingImports(installation, opened.tenantId, systemActor('worker'));
  const ended = (await operate(app, opened, 'getImport', { params })).json<Job>();
  said.push(...[ended.failure, ended.confirmation].filter((sentence) => sentence !== null));
  const kept = (await operate(app, opened, 'listRejects', { params })).json<{ rows: Told['rejects'] }>();
  return told(ended.state, ended, kept.rows);
}

function upload(
  fields: Record<string, string>,
  name: string,
  bytes: Buffer,
): { body: Buffer; headers: Record<string, string> } {
  const boundary = 'dunwell-test-boundary';
  const parts = Object.entries(fields).map(
    ([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(parts.join('') + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
