import { sql } from 'kysely';
import { z } from 'zod';
import type { Ctx } from '../../../kernel/ctx.ts';
import { isId } from '../../../kernel/ids.ts';
import { type Result, refuse } from '../../../kernel/result.ts';
import { listSegments } from '../segments/segment.sql.ts';
import { readSelection, type SelectionRefusal } from '../selection.ts';
import type { Selection } from '../selection.sql.ts';

const named = z.strictObject({
  entries: z.array(z.strictObject({ segment: z.string(), strategy: z.string().nullable() })),
  otherwise: z.string().nullable(),
});

/**
 * A selection table as a person writes it into a file, with segments and strategies by name or id:
 * `{"entries": [{"segment": …, "strategy": … | null}], "otherwise": … | null}`. Refuses: `malformed_selection`.
 */
export async function readNamedSelection(
  ctx: Ctx,
  input: unknown,
): Promise<Result<Pick<Selection, 'entries' | 'otherwiseId'>, SelectionRefusal>> {
  const read = named.safeParse(input);
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(
      'malformed_selection',
      `The selection table cannot be read at ${issue?.path.join('.') || 'the top'}: ${issue?.message}. It is {"entries": [{"segment": "name", "strategy": "name"}], "otherwise": "name"}.`,
    );
  }
  const segments = new Map((await listSegments(ctx)).map((one) => [one.name.toLowerCase(), one.id as string]));
  const { rows } = await sql<{ id: string; name: string }>`
    select s.id, s.name from strategy.strategies s where s.tenant_id = ${ctx.tenant}`.execute(ctx.db);
  const strategies = new Map(rows.map((one) => [one.name, one.id]));
  const faults: Record<string, string> = {};
  const found = (what: string, ids: ReadonlyMap<string, string>, name: string, at: string): string => {
    const id = ids.get(name) ?? ids.get(name.toLowerCase()) ?? name;
    if (!isId(id)) faults[at] = `There is no ${what} called “${name.slice(0, 80)}”. Choose another.`;
    return id;
  };
  const { entries, otherwise } = read.data;
  const draft = {
    entries: entries.map(({ segment, strategy }, at) => ({
      segmentId: found('segment', segments, segment, `entries.${at}`),
      strategyId: strategy === null ? null : found('strategy', strategies, strategy, `entries.${at}`),
    })),
    otherwiseId: otherwise === null ? null : found('strategy', strategies, otherwise, 'otherwiseId'),
  };
  const [first] = Object.values(faults);
  return first === undefined ? readSelection(ctx, draft) : refuse('malformed_selection', first, faults);
}
