import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';

/**
 * Whether the actor may be the second of two people. Refuses: `not_a_person` for an API key, behind which the first person could
 * stand; `same_person` for who began it.
 */
export function secondPerson(ctx: Ctx, firstId: string | null): Result<void, 'same_person' | 'not_a_person'> {
  if (ctx.actor.kind === 'key')
    return refuse(
      'not_a_person',
      'A second person has to decide this, signed in under their own name; an API key cannot.',
    );
  if (firstId === ctx.actor.id)
    return refuse('same_person', 'This takes two people: somebody else than the one who asked has to decide.');
  return ok();
}
