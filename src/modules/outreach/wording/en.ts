import type { Wording } from './wording.ts';

export const english: Wording = {
  language: 'en',
  greeting: 'Dear {{ party.name }},',
  table: {
    invoice: 'Invoice',
    issued: 'Issued',
    due: 'Due',
    age: 'Status',
    open: 'Open',
    credit: 'Credit note',
    unapplied: 'Payment received, not yet matched',
    overdueTotal: 'Overdue',
    total: 'Total open',
    notDue: 'not yet due',
    daysLate: 'days overdue',
  },
  howToPay: 'How to pay',
  questions:
    'Something not right? Reply to this message{% if client.contactPhone %} or call {{ client.contactPhone }}{% endif %}.',
  about: 'You receive this message because of an open account with {{ client.name }} (account {{ accounts }}).',
  unsubscribe: 'Stop e-mails about this account',
  signOff: 'Kind regards,',
  consumerSubject: '{{ client.name }}: about your account {{ accounts }}',
  levels: [
    {
      label: 'Coming up',
      subject: '{{ client.name }}: {{ summary }} will be due soon',
      body: `A short courtesy note: the invoices below will fall due shortly. There is nothing to do if your payment is already scheduled.

If anything about them is unclear, tell us now and we will sort it out before the due date.`,
    },
    {
      label: 'Reminder',
      subject: '{{ client.name }}: {{ summary }} past due',
      body: `It looks as if the invoices marked below have passed their due date. This can easily happen; we would be glad if you arranged payment in the next few days.

If you have already paid, thank you: please disregard this message.`,
    },
    {
      label: 'Second reminder',
      subject: '{{ client.name }}: second reminder, {{ summary }} past due',
      body: `We wrote to you about the invoices below and have not yet seen a payment. Please let us have it within seven days, or tell us when we may expect it.

If there is a reason to hold an invoice back, reply to this message so that we can look into it.`,
    },
    {
      label: 'Third reminder',
      subject: '{{ client.name }}: third reminder, {{ summary }} past due',
      body: `Despite our earlier messages the invoices below are still open. Please pay the overdue amount within seven days.

If you cannot pay it at once, talk to us: a date or a plan that we agree on is better than silence.`,
    },
    {
      label: 'Demand for payment',
      subject: '{{ client.name }}: demand for payment, {{ summary }} overdue',
      body: `The invoices below have been overdue for {{ oldestDays }} days and our reminders have gone unanswered. We ask you to pay the overdue amount in full within seven days.

If you dispute any part of it, tell us which invoice and why. If you need time, call us today so that we can agree on it.`,
    },
    {
      label: 'Final notice',
      subject: '{{ client.name }}: final notice, {{ summary }} overdue',
      body: `This is our final notice before we review how to proceed with your account. The overdue amount must reach us within seven days.

We would much rather settle this with you. If there is a dispute or you need an arrangement, contact us before then.`,
    },
  ],
};
