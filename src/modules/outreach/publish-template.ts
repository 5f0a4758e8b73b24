import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { currency } from '../../kernel/money.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { checkTemplate } from './liquid.ts';
import { type Notice, type NoticeLevel, sectionsOf } from './notice.ts';
import { templateValues } from './render-notice.ts';
import { insertTemplate, templateKeyOf } from './templates.sql.ts';

const sample: Notice = {
  client: {
    id: '',
    name: 'Client',
    contactEmail: 'ar@client.example',
    contactPhone: '+1 212 555 0100',
    postalAddress: 'Street',
    paymentInstructions: 'Bank',
  },
  party: { id: '', name: 'Debtor', language: 'en' },
  accounts: [{ id: '', number: 'A-1', currency: currency('USD'), unappliedMinor: 0n }],
  items: [
    {
      itemId: '',
      accountId: '',
      number: 'INV-1',
      issuedOn: calendarDate('2026-01-01'),
      dueOn: calendarDate('2026-01-31'),
      openMinor: 10_000n,
      currency: currency('USD'),
      level: 1,
    },
  ],
  level: 1,
  today: calendarDate('2026-02-10'),
  comment: null,
};

/** Publishes a tenant's own subject and letter for a level. Refuses (`bad_template`) what would fail when a notice is rendered. */
export async function publishTemplate(
  ctx: Ctx,
  template: { readonly level: NoticeLevel; readonly language: string; readonly subject: string; readonly body: string },
): Promise<Result<{ templateId: string; version: number }, 'bad_template'>> {
  const values = templateValues(sample, sectionsOf(sample));
  for (const text of [template.subject, template.body]) {
    const checked = checkTemplate(text, values);
    if (!checked.ok) return checked;
  }
  const published = await insertTemplate(ctx, template);
  await recordAudit(ctx, {
    action: 'template.published',
    subjectKind: 'template',
    subjectId: published.templateId,
    detail: { key: templateKeyOf(template.level), language: template.language, version: published.version },
  });
  return ok(published);
}
