import type { FastifyInstance } from 'fastify';
import { succeed } from './operations.ts';
import type { Asking } from './running-app.ts';

type Notice = { readonly id: string; readonly state: string; readonly periodEndsOn: string | null };

/** A consumer's debt at an agency, with who the agency is on paper, ready to be notified of. */
export async function consumerDebt(app: FastifyInstance, owner: Asking, name = 'Person A'): Promise<string> {
  await succeed(app, owner, 'saveCollector', {
    body: {
      name: 'North South Group',
      addressLines: ['P.O. Box 123456', 'Pasadena, CA 91111-2222'],
      phone: '(800) 123-4567',
      phoneHours: '8am to 8pm ET',
      offersSpanish: true,
    },
  });
  const client = await succeed<{ id: string }>(app, owner, 'createClient', {
    body: {
      name: `Bank of ${name}`,
      kind: 'agency_customer',
      currency: 'USD',
      timeZone: 'America/New_York',
      country: 'US',
      contactEmail: 'desk@agency.example',
    },
  });
  const account = await succeed<{ id: string }>(app, owner, 'createAccount', {
    body: {
      clientId: client.id,
      number: `4111 ${name} 6789`,
      currency: 'USD',
      debtKind: 'consumer',
      party: { kind: 'person', name, country: 'US', timeZone: 'America/New_York', email: 'a@person.example' },
    },
  });
  const params = { accountId: account.id };
  await succeed(app, owner, 'addContactPoint', {
    params,
    body: { kind: 'postal', value: '2323 Park Street, Apartment 342, Bethesda, MD 20815' },
  });
  await succeed(app, owner, 'addItem', {
    params,
    body: {
      kind: 'charge',
      number: 'L-1',
      issuedOn: '2025-12-01',
      dueOn: '2026-01-01',
      amount: { amountMinor: '228456', currency: 'USD' },
    },
  });
  return account.id;
}

/** The itemization of the published form. */
export const publishedItemization = {
  on: '2026-01-02',
  kind: 'last_statement',
  amountOnItemizationDateMinor: '223456',
  interestMinor: '7500',
  feesMinor: '2500',
  paymentsMinor: '5000',
  creditsMinor: '0',
};

/** Prepares a notice and sends it by letter. */
export async function sentNotice(app: FastifyInstance, owner: Asking, accountId: string): Promise<Notice> {
  const { notice } = await succeed<{ notice: Notice }>(app, owner, 'prepareNotice', {
    params: { accountId },
    body: { itemization: publishedItemization, product: 'credit card' },
  });
  const sent = await succeed<{ state: string; notice: Notice; why: { sentence: string } }>(app, owner, 'sendNotice', {
    params: { noticeId: notice.id },
  });
  if (sent.state !== 'sent') throw new Error(`The notice was not sent: ${sent.why.sentence}`);
  return sent.notice;
}
