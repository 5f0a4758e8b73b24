import type { Wording } from './wording.ts';

export const german: Wording = {
  language: 'de',
  greeting: 'Guten Tag {{ party.name }},',
  table: {
    invoice: 'Rechnung',
    issued: 'Datum',
    due: 'Fällig',
    age: 'Stand',
    open: 'Offen',
    credit: 'Gutschrift',
    unapplied: 'Eingegangene, noch nicht zugeordnete Zahlung',
    overdueTotal: 'Überfällig',
    total: 'Offen gesamt',
    notDue: 'noch nicht fällig',
    daysLate: 'Tage überfällig',
  },
  howToPay: 'Zahlung',
  questions:
    'Stimmt etwas nicht? Antworten Sie auf diese Nachricht{% if client.contactPhone %} oder rufen Sie an: {{ client.contactPhone }}{% endif %}.',
  about: 'Sie erhalten diese Nachricht wegen eines offenen Kontos bei {{ client.name }} (Konto {{ accounts }}).',
  unsubscribe: 'Keine E-Mails mehr zu diesem Konto',
  signOff: 'Mit freundlichen Grüßen',
  consumerSubject: '{{ client.name }}: zu Ihrem Konto {{ accounts }}',
  levels: [
    {
      label: 'Demnächst fällig',
      subject: '{{ client.name }}: {{ summary }} demnächst fällig',
      body: `Nur ein kurzer Hinweis: Die unten genannten Rechnungen werden in Kürze fällig. Ist die Zahlung schon veranlasst, brauchen Sie nichts weiter zu tun.

Ist etwas unklar, sagen Sie es uns bitte gleich, damit wir es vor der Fälligkeit klären können.`,
    },
    {
      label: 'Zahlungserinnerung',
      subject: '{{ client.name }}: Zahlungserinnerung über {{ summary }}',
      body: `Die unten als überfällig bezeichneten Rechnungen sind sicher nur übersehen worden. Bitte veranlassen Sie die Zahlung in den nächsten Tagen.

Haben Sie bereits gezahlt, danken wir Ihnen; diese Nachricht ist dann gegenstandslos.`,
    },
    {
      label: 'Zweite Erinnerung',
      subject: '{{ client.name }}: zweite Erinnerung über {{ summary }}',
      body: `Zu den unten genannten Rechnungen haben wir Ihnen geschrieben und noch keine Zahlung erhalten. Bitte zahlen Sie innerhalb von sieben Tagen oder nennen Sie uns einen Termin.

Gibt es einen Grund, eine Rechnung zurückzuhalten, antworten Sie bitte auf diese Nachricht.`,
    },
    {
      label: 'Mahnung',
      subject: '{{ client.name }}: Mahnung über {{ summary }}',
      body: `Trotz unserer Nachrichten sind die unten genannten Rechnungen noch offen. Bitte zahlen Sie den überfälligen Betrag innerhalb von sieben Tagen.

Können Sie nicht sofort zahlen, sprechen Sie mit uns: Ein vereinbarter Termin ist besser als Schweigen.`,
    },
    {
      label: 'Zweite Mahnung',
      subject: '{{ client.name }}: zweite Mahnung über {{ summary }}',
      body: `Die älteste der unten genannten Rechnungen ist seit {{ oldestDays }} Tagen überfällig, unsere Nachrichten blieben ohne Antwort. Wir fordern Sie auf, den überfälligen Betrag innerhalb von sieben Tagen vollständig zu zahlen.

Bestreiten Sie einen Teil, sagen Sie uns bitte, welche Rechnung und warum. Brauchen Sie Zeit, rufen Sie uns heute an.`,
    },
    {
      label: 'Letzte Mahnung',
      subject: '{{ client.name }}: letzte Mahnung über {{ summary }}',
      body: `Dies ist unsere letzte Mahnung, bevor wir über das weitere Vorgehen entscheiden. Der überfällige Betrag muss innerhalb von sieben Tagen bei uns eingehen.

Lieber klären wir das mit Ihnen: Melden Sie sich vorher, wenn etwas strittig ist oder Sie eine Vereinbarung brauchen.`,
    },
  ],
};
