import type { Ctx } from '../kernel/ctx.ts';
import { listClients } from '../modules/accounts/public.ts';
import { loadTenant } from '../modules/identity/public.ts';
import { listSenders, listTemplates, noticeLanguages } from '../modules/outreach/public.ts';
import { checkDefinition, countLanguages, type Fault } from '../modules/strategy/public.ts';

type Mailed = { readonly path: string; readonly title: string; readonly level: number };

/**
 * Everything that stands against a definition: what `checkDefinition` finds in it, and what is missing around it: a sender for its e-mails, words in
 * the languages people read.
 */
export async function checkStrategy(ctx: Ctx, definition: unknown): Promise<Fault[]> {
  const faults = checkDefinition(definition);
  const mailed = mailedIn(definition);
  if (mailed.length === 0) return faults;
  return [...faults, ...(await senderFaults(ctx, mailed)), ...(await languageFaults(ctx, mailed))];
}

/** Steps and reactions that send an e-mail, in whatever state the definition is. */
function mailedIn(definition: unknown): Mailed[] {
  const parts = definition as Readonly<Record<string, unknown>> | null;
  return (['steps', 'reactions'] as const).flatMap((list) => {
    const entries: unknown = parts?.[list];
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: unknown, at): Mailed[] => {
      const { action, title, level } = (entry ?? {}) as Readonly<Record<string, unknown>>;
      if (action !== 'email' || typeof title !== 'string' || typeof level !== 'number') return [];
      return [{ path: `${list}.${at}`, title, level }];
    });
  });
}

async function senderFaults(ctx: Ctx, [first]: readonly Mailed[]): Promise<Fault[]> {
  if (!first) return [];
  const clients = await listClients(ctx);
  const senders = new Map((await listSenders(ctx)).map((sender) => [sender.clientId, sender.mode]));
  const without = clients.filter(({ id }) => !senders.has(id)).map(({ name }) => name);
  const missing: Fault[] =
    without.length === 0
      ? []
      : [
          {
            path: first.path,
            effect: 'refuse',
            sentence: `Nobody can send e-mails for ${listed(without)}: there is no sender.`,
            remedy: 'Give the client a sender in the settings, or leave e-mails out.',
          },
        ];
  const { kind } = await loadTenant(ctx);
  // A sandbox may only capture; a live tenant may have forgotten that it still does.
  const captured =
    kind === 'live' ? clients.filter(({ id }) => senders.get(id) === 'capture').map(({ name }) => name) : [];
  if (captured.length === 0) return missing;
  return [
    ...missing,
    {
      path: '',
      effect: 'advise',
      sentence: `E-mails for ${listed(captured)} stay in the outbox: no sender is set up yet.`,
      remedy: 'Set up a sender for the client before you count on them.',
    },
  ];
}

async function languageFaults(ctx: Ctx, mailed: readonly Mailed[]): Promise<Fault[]> {
  const languages = (await countLanguages(ctx)).flatMap(({ language, people }) =>
    language === null ? [] : [{ language, people }],
  );
  const own = (await listTemplates(ctx)).filter(({ channel }) => channel === 'email');
  const wordless = languages.filter(({ language }) => !noticeLanguages.includes(language));
  const foreign = wordless.map(
    ({ language, people }): Fault => ({
      path: '',
      effect: 'advise',
      sentence: `${people === 1 ? 'One person reads' : `${people} people read`} ${nameOf(language)}, in which there are no e-mails; they get English ones.`,
      remedy: 'Add a condition on the language, or let somebody call them.',
    }),
  );
  const half = mailed.flatMap(({ path, title, level }): Fault[] => {
    const mine = own.filter(({ purpose }) => purpose === `notice_${level}`);
    if (mine.length === 0) return [];
    const lacking = languages.filter(
      ({ language }) => noticeLanguages.includes(language) && !mine.some((one) => one.language === language),
    );
    return lacking.map(({ language, people }) => ({
      path: `${path}.level`,
      effect: 'advise',
      sentence: `Your own words for notice level ${level} (“${title}”) are not written in ${nameOf(language)}, which ${people === 1 ? 'one person reads' : `${people} people read`}; they get our text.`,
      remedy: `Write them in ${nameOf(language)} under Templates.`,
    }));
  });
  return [...foreign, ...half];
}

const names = new Intl.DisplayNames('en', { type: 'language' });
function nameOf(language: string): string {
  // What a file calls a language may be no code at all.
  try {
    return names.of(language) ?? language;
  } catch {
    return `“${language}”`;
  }
}

const listed = (all: readonly string[]): string =>
  all.length > 3 ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} more` : all.join(', ');
