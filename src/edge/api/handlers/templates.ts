import { idOf } from '../../../kernel/ids.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok } from '../../../kernel/result.ts';
import { checkNotice } from '../../../flows/send-now.ts';
import { listClients } from '../../../modules/accounts/public.ts';
import { jurisdictionsOf } from '../../../modules/compliance/public.ts';
import {
  findShippedText,
  judgeTemplate,
  levelOf,
  listTemplates,
  listTemplateVersions,
  noticeLanguages,
  publishTemplate,
  sampleClient,
  selectNoticeClients,
  type TemplateAudience,
  type TemplateFinding,
  templatePurposes,
  type TemplateUse,
  type TemplateVersion,
  unsuitableOf,
} from '../../../modules/outreach/public.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/templates.ts';
import { type Implementation, implement } from '../operation.ts';

type Body = ResponseOf<typeof contract.publishTemplate>;

const levels = [0, 1, 2, 3, 4, 5] as const;

/** Texts of the tenant, judged as they are written, published in versions. */
export function templateHandlers(): Implementation[] {
  return [
    implement(contract.listTemplates, async (ctx) => {
      const audience = await usualAudience(ctx);
      const own = await listTemplates(ctx);
      const written = new Set(own.map(nameOf));
      const shipped = shippedBodies(audience).filter((row) => !written.has(nameOf(row)));
      return ok({ rows: [...own.map(bodyOf), ...shipped], audience });
    }),
    implement(contract.listTemplateVersions, async (ctx, { query }) => {
      const shipped = shippedBodies(await usualAudience(ctx)).filter((row) => nameOf(row) === nameOf(query));
      return ok({ rows: [...(await listTemplateVersions(ctx, query)).map(bodyOf), ...shipped] });
    }),
    implement(contract.checkTemplate, async (ctx, { body }) => {
      const unsuitable = unsuitableOf(body);
      if (unsuitable) return unsuitable;
      const { findings, ...judged } = judgeTemplate(body, await someClient(ctx), ctx.at);
      return ok({ ...judged, variables: [...judged.variables], findings: findings.map(findingBody) });
    }),
    implement(contract.publishTemplate, async (ctx, { body: { basedOn, ...draft } }) => {
      const published = await publishTemplate(ctx, draft, basedOn, await someClient(ctx));
      return published.ok ? ok(bodyOf(published.value)) : published;
    }),
    implement(contract.checkNotice, async (ctx, { params, body }, host) => {
      const checked = await checkNotice(ctx, host.mailing, {
        accountId: idOf('account', params.accountId),
        contactPointId: body.contactPointId,
        level: levels.find((level) => level === body.level),
        comment: body.comment,
      });
      if (!checked.ok) return checked;
      const { verdict, ...preview } = checked.value;
      return ok({ refused: verdict.refused, findings: verdict.findings.map(findingBody), preview });
    }),
  ];
}

const nameOf = ({ channel, debtKind, purpose, language }: TemplateUse): string =>
  [channel, debtKind, purpose, language].join('/');

const bodyOf = (version: TemplateVersion): Body => ({
  id: version.id,
  channel: version.channel,
  debtKind: version.debtKind,
  purpose: version.purpose,
  language: version.language,
  version: version.version,
  subject: version.subject,
  body: version.body,
  audience: audienceBody(version.audience),
  publishedBy: version.publishedBy,
  publishedAt: version.publishedAt.toISOString(),
});

// A version published before audiences were kept names none.
const audienceBody = ({ collectorType, jurisdictions }: Partial<TemplateAudience>) => ({
  collectorType: collectorType ?? 'first_party',
  jurisdictions: [...(jurisdictions ?? [])],
});

export const findingBody = ({ kind: _kind, ...finding }: TemplateFinding) => finding;

/** The e-mails that come with the program, as version 0 of each. */
function shippedBodies(audience: Body['audience']): Body[] {
  return noticeLanguages.flatMap((language) =>
    (['commercial', 'consumer'] as const).flatMap((debtKind) =>
      templatePurposes.flatMap((purpose) => {
        const level = levelOf(purpose);
        const text = level === null ? null : findShippedText(debtKind, level, language);
        return text === null
          ? []
          : [
              {
                id: null,
                channel: 'email' as const,
                debtKind,
                purpose,
                language,
                version: 0,
                ...text,
                audience,
                publishedBy: null,
                publishedAt: null,
              },
            ];
      }),
    ),
  );
}

const collectorTypes = {
  own_entity: 'first_party',
  agency_customer: 'third_party',
  portfolio_owner: 'debt_buyer',
} as const;

/** What the tenant's clients suggest: the strictest kind of collector among them, and the law where they are. */
async function usualAudience(ctx: Ctx): Promise<Body['audience']> {
  const clients = await listClients(ctx);
  const kinds = new Set(clients.map((client) => collectorTypes[client.kind]));
  return {
    collectorType: (['third_party', 'debt_buyer'] as const).find((kind) => kinds.has(kind)) ?? 'first_party',
    jurisdictions: [...new Set(clients.flatMap((client) => jurisdictionsOf(client.country, client.region)))].sort(),
  };
}

/** The client whose name a preview bears. */
async function someClient(ctx: Ctx) {
  const [first] = await listClients(ctx);
  if (first === undefined) return sampleClient;
  const found = (await selectNoticeClients(ctx, [first.id])).get(first.id);
  if (found === undefined) return sampleClient;
  const { id, name, contactEmail, contactPhone, postalAddress, paymentInstructions } = found;
  return { id, name, contactEmail, contactPhone, postalAddress, paymentInstructions };
}
