import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkContent, checkWording, missingWordings } from './check-content.ts';
import type { ContentMessage } from './content-message.ts';
import { shippedContentPacks } from './shipped-content.ts';
import { at, email, first, good, lcm, message, names, voicemail } from './testing.ts';

const rules = (one: ContentMessage): string[] => [
  ...new Set(checkContent(one, shippedContentPacks, at).map((finding) => finding.ruleId)),
];

type Case = readonly [what: string, message: ContentMessage];
const initial = { stage: 'initial' } as const;
const krebs = { ...names, party: 'Anna Krebs' };
const uk = { jurisdictions: ['UK'] };
const de = { jurisdictions: ['EU', 'DE'], language: 'de' };
const inSpain = { jurisdictions: ['EU', 'ES'], language: 'es' };
/** A letter to a British customer, with what such a letter carries. */
const british = (body: string, changes: Partial<ContentMessage> = {}) =>
  message({ channel: 'letter', ...uk, parts: { body: `${body} StepChange gives free debt advice.` }, ...changes });
const text = (body: string, changes: Partial<ContentMessage> = {}) =>
  message({ channel: 'sms', parts: { body }, ...changes });
const subject = (line: string, changes: Partial<ContentMessage>) =>
  message({ parts: { subject: line, body: 'MoneyHelper' }, ...changes });
const es = { language: 'es' } as const;

/** Each rule with messages that break it and messages that keep it: a case for every way the law can be met. */
const table: Readonly<Record<string, { readonly broken: readonly Case[]; readonly kept: readonly Case[] }>> = {
  'US-REGF-18E-DISCLOSURE.initial': {
    broken: [
      ['no disclosure at all', email('Please call us. Reply STOP to opt out.', initial)],
      [
        'an attempt, but not what becomes of information',
        email('We are attempting to collect a debt. Reply STOP.', initial),
      ],
      [
        'what becomes of information, but no attempt',
        email('Information will be used for that purpose. Reply STOP.', initial),
      ],
      ['only the later disclosure', email(good, initial)],
      [
        'in the HTML but not in the text',
        email('', { ...initial, parts: { body: ['Reply STOP.', `<p>${first}</p>`] } }),
      ],
      ['a debt buyer', email('Reply STOP.', { ...initial, collectorType: 'debt_buyer' })],
    ],
    kept: [
      ['the usual words', email(first, initial)],
      [
        'with capitals, breaks and markup',
        email(
          'THIS IS AN <b>ATTEMPT</b>\nTO COLLECT A DEBT and any information we obtain from you will be used for that purpose. Unsubscribe',
          initial,
        ),
      ],
      [
        'another wording',
        email(
          'We are trying to collect a debt; any information obtained shall be used for this purpose. Unsubscribe',
          initial,
        ),
      ],
      [
        'Spanish',
        email(
          'Este es un intento de cobrar una deuda. Toda información que obtengamos se utilizará para ese propósito. Responda STOP.',
          { ...initial, ...es },
        ),
      ],
      ['the creditor itself', email('Please pay.', { ...initial, collectorType: 'first_party' })],
      ['a business debt', email('Please pay.', { ...initial, debtKind: 'commercial' })],
      ['a later message', email(good)],
      ['another country', email('Please pay.', { ...initial, jurisdictions: ['AU'] })],
    ],
  },
  'US-REGF-18E-DISCLOSURE.later': {
    broken: [
      ['nobody says who writes', email('Reply STOP to opt out.')],
      ['a text message', message({ channel: 'sms', parts: { body: 'Call 800-555-0100. Reply STOP to end.' } })],
    ],
    kept: [
      ['the usual words', email(good)],
      ['I am a debt collector', email('I am a debt collector. Unsubscribe')],
      ['an agency', email('NSG Services is a debt collection agency. Unsubscribe')],
      ['the first disclosure says it too', email(first)],
      ['Spanish', email('Esta comunicación es de un cobrador de deudas. Puede darse de baja.', es)],
    ],
  },
  'US-REGF-18E-DISCLOSURE.language': {
    broken: [
      [
        'a Spanish message, an English disclosure',
        email(
          'Estimado cliente, le escribimos para que usted pueda ver su cuenta con este enlace. This communication is from a debt collector. Responda STOP.',
          es,
        ),
      ],
      [
        'declared English, plainly written in Spanish',
        email(
          'Estimado cliente, le escribimos para que usted pueda ver su cuenta y los pagos que usted puede hacer con una tarjeta si usted lo desea. This is from a debt collector. Unsubscribe',
        ),
      ],
    ],
    kept: [
      [
        'both Spanish',
        email(
          'Estimado cliente, le escribimos para que usted pueda ver su cuenta. Esta comunicación es de un cobrador de deudas. Responda STOP.',
          es,
        ),
      ],
      ['both English', email(`We have your account and are writing to you about it with this message. ${good}`)],
    ],
  },
  'US-REGF-6E-OPTOUT-NOTICE': {
    broken: [
      ['none', email('This is from a debt collector.')],
      [
        'none in a text',
        message({ channel: 'sms', parts: { body: 'This is from a debt collector. Call 800-555-0100.' } }),
      ],
      [
        'English in a Spanish message',
        email('Esta comunicación es de un cobrador de deudas. Reply STOP to opt out.', es),
      ],
    ],
    kept: [
      ['a link', email('This is from a debt collector. Unsubscribe: https://x.example/u')],
      ['reply STOP', message({ channel: 'sms', parts: { body: 'From a debt collector. Reply STOP to end texts.' } })],
      [
        'stop in the subject line',
        email('From a debt collector. If you reply with "stop" in the subject line we will not write again.'),
      ],
      [
        'the words of our own footer',
        email('From a debt collector. Stop e-mails about this account: https://x.example/u'),
      ],
      ['a letter needs none', message({ channel: 'letter', parts: { body: 'This is from a debt collector.' } })],
    ],
  },
  'US-REGF-22F-PUBLIC.envelope': {
    broken: [
      [
        'says what it is',
        message({ channel: 'letter', parts: { body: good, envelope: 'NSG Services — Debt collection notice' } }),
      ],
      [
        'a name that tells',
        message({
          channel: 'letter',
          names: { business: 'Ace Debt Recovery' },
          parts: { body: good, envelope: 'Ace Debt Recovery, PO Box 1' },
        }),
      ],
      ['personal', message({ channel: 'letter', parts: { body: good, envelope: 'URGENT. Open immediately' } })],
    ],
    kept: [
      [
        'addresses and postal endorsements',
        message({
          channel: 'letter',
          parts: {
            body: good,
            envelope: 'NSG Services, PO Box 1\nForwarding and address correction requested\nJo Ford, 1 Pier Street',
          },
        }),
      ],
    ],
  },
  'US-REGF-22F-PUBLIC.envelope-data': {
    broken: [['an amount', message({ channel: 'letter', parts: { body: good, envelope: 'USD 120.00' } })]],
    kept: [['none', message({ channel: 'letter', parts: { body: good, envelope: 'Jo Ford' } })]],
  },
  'US-REGF-6D1-THIRDPARTY.leak': {
    broken: [
      ['a subject that tells', message({ parts: { subject: 'Your past due account', body: good } })],
      ['a creditor whose name tells', message({ parts: { subject: 'Ace Debt Collectors', body: good } })],
      ['hidden by look-alikes', message({ parts: { subject: 'Your dеbt', body: good } })],
      ['hidden by zero-width characters', message({ parts: { subject: 'Over\u200bdue', body: good } })],
      ['a voicemail that tells', voicemail(`${lcm} It is about your debt.`)],
      ['Spanish', message({ parts: { subject: 'Su deuda', body: good } })],
    ],
    kept: [
      ['neutral', email(good)],
      ['a voicemail of limited content', voicemail(lcm)],
    ],
  },
  'US-REGF-42-ELECTRONIC.subject': {
    broken: [
      ['an amount', message({ parts: { subject: 'Mercy Supply: $120.50', body: good } })],
      ['an amount in words', message({ parts: { subject: 'Mercy Supply: 120 dollars', body: good } })],
      [
        'the whole account number',
        message({ accountNumbers: ['998877 4321'], parts: { subject: 'Account 998877-4321', body: good } }),
      ],
    ],
    kept: [
      [
        'the creditor and the ending',
        message({
          accountNumbers: ['998877 4321'],
          parts: { subject: 'Mercy Supply: account ending 4321', body: good },
        }),
      ],
    ],
  },
  'US-REGF-10-LOCATION': {
    broken: [
      [
        'says why',
        message({
          channel: 'letter',
          recipient: 'third_party',
          stage: 'location_request',
          parts: { body: 'We look for Jo Ford, who owes a debt.' },
        }),
      ],
    ],
    kept: [
      [
        'says only what may be said',
        message({
          channel: 'letter',
          recipient: 'third_party',
          stage: 'location_request',
          parts: { body: 'My name is Robin Smith. I am confirming location information for Jo Ford.' },
        }),
      ],
    ],
  },
  'US-REGF-10-LOCATION.figures': {
    broken: [
      [
        'an amount',
        message({
          channel: 'letter',
          recipient: 'third_party',
          stage: 'location_request',
          parts: { body: 'About $100' },
        }),
      ],
    ],
    kept: [
      [
        'none',
        message({
          channel: 'letter',
          recipient: 'third_party',
          stage: 'location_request',
          parts: { body: 'Where is Jo Ford?' },
        }),
      ],
    ],
  },
  'US-FDCPA-OTHER.false-status': {
    broken: [
      ['simulated process', email(`${good} COURT SUMMONS`)],
      ['an authority', email(`${good} We write on behalf of the government.`)],
    ],
    kept: [['who writes', email(good)]],
  },
  'US-FDCPA-OTHER.urgency': {
    broken: [
      ['hours', email(`${good} Pay within 24 hours.`)],
      ['last chance', email(`${good} This is your LAST CHANCE`)],
      ['urgent in a subject', message({ parts: { subject: 'Urgent', body: good } })],
      ['spelled with gaps', email(`${good} U R G E N T`)],
    ],
    kept: [
      ['a plain date', email(`${good} Please pay by 12 March.`)],
      ['a business debt', email('Pay within 24 hours.', { debtKind: 'commercial' })],
    ],
  },
  'US-REGF-26-TIMEBARRED': {
    broken: [['suit on an expired debt', email(`${good} We will file a lawsuit.`, { timeBarred: true })]],
    kept: [
      ['not expired', email(`${good} We may take legal action.`)],
      ['expired, no threat', email(good, { timeBarred: true })],
      ['what California wants said', email(`${good} We will not sue you for it.`, { timeBarred: true })],
    ],
  },
  'US-CA-ROSENTHAL.licence': {
    broken: [
      ['none', email(good, { jurisdictions: ['US', 'US-CA'] })],
      ['the word without a number', email(`${good} We hold a license.`, { jurisdictions: ['US', 'US-CA'] })],
    ],
    kept: [
      ['with number', email(`${good} California license number 10123-99.`, { jurisdictions: ['US', 'US-CA'] })],
      ['Lic. No.', email(`${good} Lic. No. 10123-99`, { jurisdictions: ['US', 'US-CA'] })],
      ['another state', email(good, { jurisdictions: ['US', 'US-NV'] })],
    ],
  },
  'US-CA-ROSENTHAL.credit-threat': {
    broken: [
      [
        'a threat of reporting',
        email(`${good} License no. 1. We will report you to the credit bureaus.`, {
          jurisdictions: ['US', 'US-CA'],
          collectorType: 'first_party',
        }),
      ],
    ],
    kept: [['none', email(`${good} License no. 1.`, { jurisdictions: ['US', 'US-CA'] })]],
  },
  'US-FDCPA-OTHER.credit-threat': {
    broken: [['ruin your credit', email(`${good} This will ruin your credit.`)]],
    kept: [['none', email(good)]],
  },
  'US-NC.permit': {
    broken: [['none', email(good, { jurisdictions: ['US', 'US-NC'] })]],
    kept: [['with number', email(`${good} N.C. permit number 4455.`, { jurisdictions: ['US', 'US-NC'] })]],
  },
  'US-TCPA-IDENT': {
    broken: [['no name, no number', voicemail('Please hold.', { prerecorded: true })]],
    kept: [
      ['both', voicemail(lcm, { prerecorded: true })],
      ['a person speaks', voicemail('Please hold.')],
    ],
  },
  'US-REGF-2J-LCM': {
    broken: [
      ['no person', voicemail('This is NSG Services. Please call us back at 800-555-0100.')],
      ['no business', voicemail('This is Robin Smith. Please call us back at 800-555-0100.')],
      ['no number', voicemail('This is Robin Smith from NSG Services. Please call us back.')],
      ['another number', voicemail('This is Robin Smith from NSG Services. Please call us back at 800-555-0199.')],
      ['no request', voicemail('This is Robin Smith from NSG Services, 800-555-0100.')],
      ['an important matter', voicemail(`${lcm} It is about an important matter.`)],
      ['a reference number', voicemail(`${lcm} Reference 884213.`)],
      ['an account', voicemail(`${lcm} This is regarding your account.`)],
      ['an amount', voicemail(`${lcm} Thank you for the $50.`)],
      ['a web address', voicemail(`${lcm} Visit nsg.example.`)],
      [
        'a name that tells',
        voicemail('This is Robin Smith from Ace Recovery. Please call us back at 800-555-0100.', {
          names: { ...names, business: 'Ace Recovery' },
        }),
      ],
      ['a language without a list', voicemail(lcm, { language: 'it' })],
    ],
    kept: [
      ['the least', voicemail(lcm)],
      [
        'greeting, date, times',
        voicemail(
          'Good morning Jo Ford, today is Monday, March 9th 2026, 10 am. My name is Robin Smith with NSG Services. Please return my call between 9 and 5 pm on weekdays at (800) 555-0100. Thank you, goodbye.',
        ),
      ],
      ['any representative', voicemail(`${lcm} You may speak with any of our representatives. Thank you.`)],
      [
        'with country code',
        voicemail('Hi, this is Robin Smith calling from NSG Services. Please give us a call at +1 800 555 0100.'),
      ],
      [
        'Spanish',
        voicemail('Hola, le habla Robin Smith de NSG Services. Por favor llámenos al 800 555 0100. Gracias.', es),
      ],
      ['a business debt', voicemail('About invoice 7.', { debtKind: 'commercial' })],
    ],
  },
  'SEC-PCI-PAN': {
    broken: [
      ['in the text', email(`${good} Card 4111 1111 1111 1111`)],
      ['in full-width digits', email(`${good} ４１１１１１１１１１１１１１１１`)],
      ['parted by tags', email(`${good} 4111<b>1111</b>1111&#8203;1111`)],
      ['in a business message', email('Card 4111111111111111', { debtKind: 'commercial', jurisdictions: [] })],
      ['the security code', email(`${good} The CVV is 123.`)],
      ['the security code in German', text('Kartenprüfnummer: 4321', de)],
    ],
    kept: [
      ['an invoice of ours', email(`${good} Invoice 4111111111111111`, { knownNumbers: ['4111111111111111'] })],
      ['not Luhn', email(`${good} 4111 1111 1111 1112`)],
      ['where the code is to be entered', email(`${good} You will be asked for the security code of your card.`)],
      ['a code of more digits', email(`${good} Your security code is 123456.`)],
    ],
  },
  'SEC-MINIMISE.ssn': {
    broken: [
      ['with dashes', email(`${good} SSN 123-45-6789`)],
      ['with blanks', email(`${good} 123 45 6789`)],
    ],
    kept: [
      ['never given out', email(`${good} 900-45-6789`)],
      ['a telephone number', email(`${good} 212-555-0100`)],
    ],
  },
  'SEC-MINIMISE.account': {
    broken: [['whole', email(`${good} Account AB-998877`, { accountNumbers: ['AB998877'] })]],
    kept: [
      ['ending', email(`${good} Account ending 8877`, { accountNumbers: ['AB998877'] })],
      ['a business debt', email('Account AB998877', { accountNumbers: ['AB998877'], debtKind: 'commercial' })],
    ],
  },
  'SEC-HIPAA.outside': {
    broken: [
      ['a subject', message({ parts: { subject: 'Your surgery', body: good } })],
      ['a creditor whose name tells', message({ parts: { subject: 'Mercy Cancer Center', body: good } })],
    ],
    kept: [
      ['neutral', email(good)],
      ['hours of operation', voicemail('Our hours of operation are 8 to 6. Thank you for being patient.', uk)],
      ['a person of such a name', voicemail('Eine Nachricht für Anna Krebs.', { ...de, names: krebs })],
    ],
  },
  'SEC-HIPAA.text': {
    broken: [
      ['a diagnosis', email(`${good} for chemotherapy in May`)],
      ['German', email('Wegen Ihrer Chemotherapie. Inkassounternehmen. Abmelden', { language: 'de' })],
      ['beside such a name', text('Frau Krebs, Ihre Krebsbehandlung ist zu zahlen.', { ...de, names: krebs })],
    ],
    kept: [
      [
        'a person spoken to by such a name',
        text('Sehr geehrte Frau Krebs, bitte zahlen Sie.', { ...de, names: krebs }),
      ],
      ['rehabilitation of a loan', email(`${good} You may qualify for loan rehabilitation.`)],
      [
        'the provider is who it is',
        email(`${good} Mercy Cancer Center`, { names: { ...names, creditor: 'Mercy Cancer Center' } }),
      ],
      ['date and provider', email(`${good} Services of 3 May by Mercy Supply`)],
    ],
  },
  'US-FDCPA-OTHER.threats': {
    broken: [
      ['arrest', email(`${good} You will be arrested.`)],
      ['arrest, hidden', email(`${good} You wi<i>ll</i> be аrr&#101;st&#x65;d.`)],
      ['arrest, with digits', email(`${good} You will be 4rrest3d`)],
      ['exposure', email(`${good} We will tell your employer.`)],
      ['insult', email(`${good} Deadbeat!`)],
      [
        'German, about a business debt',
        email('Wir erstatten Strafanzeige gegen Sie.', {
          debtKind: 'commercial',
          jurisdictions: ['EU', 'DE'],
          language: 'de',
        }),
      ],
      ['Spanish inside English', email(`${good} Usted irá a la cárcel.`)],
      ['prison in Spanish', text('Si no paga puede ir a la cárcel.', inSpain)],
      ['the boss in Spanish', text('Si no paga hablaremos con su jefe.', inSpain)],
      ['the employer hears of it', text('Sonst erfährt Ihr Arbeitgeber davon.', de)],
      ['the police are called', text('Sonst rufen wir die Polizei.', de)],
      ['letting others know', text('We will be letting your colleagues know.', uk)],
      ['French', email('Vous serez arrêté.', { debtKind: 'commercial', jurisdictions: [], language: 'fr' })],
    ],
    kept: [
      [
        'a debtor of such a name',
        email(`Dear Deadbeat Records, ${good}`, { names: { ...names, party: 'Deadbeat Records' } }),
      ],
      ['legal words about a business debt', email('We may take legal action.', { debtKind: 'commercial' })],
      ['prison denied', british('You cannot be sent to prison for this debt.')],
      ['nobody will be told', british('We will never contact your employer or your family.')],
      ['nobody will be told, in Spanish', text('Nunca hablaremos con su familia de esta cuenta.', inSpain)],
      ['what a court may order', british('Your employer may have to pay part of your wages.')],
    ],
  },
  'HOUSE-URGENCY': {
    broken: [['pressure', email('Act now!', { debtKind: 'commercial' })]],
    kept: [['a date', email('Please pay within seven days.', { debtKind: 'commercial' })]],
  },
  'UK-CONC-7.premium-rate': {
    broken: [
      ['09', message({ channel: 'sms', jurisdictions: ['UK'], parts: { body: 'Call 0906 123 4567' } })],
      [
        '0871 with country code',
        message({ channel: 'sms', jurisdictions: ['UK'], parts: { body: 'Call +44 871 123 4567' } }),
      ],
      ['the nought of home in brackets', text('Call +44 (0)871 123 4567', uk)],
    ],
    kept: [
      ['a longer number is a reference', british('Our reference is 0912345678901.')],
      [
        'a geographic number',
        message({ channel: 'sms', jurisdictions: ['UK'], parts: { body: 'Call 020 7946 0958 or 0800 123 4567' } }),
      ],
    ],
  },
  'UK-CONC-7.exposure': {
    broken: [
      [
        'a subject',
        email('MoneyHelper', { jurisdictions: ['UK'], parts: { subject: 'Arrears', body: 'MoneyHelper' } }),
      ],
      ['a late payment in the subject', subject('A reminder: your payment is late', uk)],
      ['an unpaid loan on the voicemail', voicemail('Robin here, about your unpaid loan.', uk)],
    ],
    kept: [
      ['neutral', email('MoneyHelper', { jurisdictions: ['UK'] })],
      ['a statement of every year', subject('Your annual statement from Mercy Supply', uk)],
    ],
  },
  'UK-CONC-7.debt-advice': {
    broken: [['none', email('Please pay.', { jurisdictions: ['UK'] })]],
    kept: [['StepChange', email('StepChange gives free debt advice.', { jurisdictions: ['UK'] })]],
  },
  'UK-CONC-7.pressure': {
    broken: [
      ['bailiffs', email('MoneyHelper. Bailiffs will visit.', { jurisdictions: ['UK'] })],
      ['taking things', british('We will come and take your belongings.')],
      ['at once or else', text('You must pay GBP 90 immediately or we call at your home.', uk)],
      ['hours to pay', text('You have 24 hours to pay.', uk)],
      ['urgent, with what is wanted', text('URGENT: please call us.', uk)],
      ['a denial elsewhere excuses nothing', british('We are not bailiffs. Bailiffs will visit.')],
    ],
    kept: [
      ['none', email('MoneyHelper', { jurisdictions: ['UK'] })],
      ['help for who needs it urgently', british('If you need urgent help with food or fuel, ask a food bank.')],
      ['no bailiffs', british('We are not bailiffs. No bailiffs will visit unless a court orders it.')],
    ],
  },
  'UK-CONC-7-STATUTE-BARRED': {
    broken: [
      ['court', email('MoneyHelper. We will take you to court.', { jurisdictions: ['UK'], timeBarred: true })],
      ['a judgment by its short name', british('A CCJ could be registered.', { timeBarred: true })],
      ['a named court', british('Next is the County Court.', { timeBarred: true })],
      ['after a denial', british('We did not sue. Now we will take you to court.', { timeBarred: true })],
      ['a denial on a condition', british('We will not sue if you pay by Friday.', { timeBarred: true })],
      ['no denial at all', british('If you do not start paying, court proceedings follow.', { timeBarred: true })],
    ],
    kept: [
      ['not barred', email('MoneyHelper. We will take you to court.', { jurisdictions: ['UK'] })],
      ['what the customer must know', british('We cannot take legal action over this debt.', { timeBarred: true })],
      ['the same in other words', british('We will not take you to court for it.', { timeBarred: true })],
    ],
  },
  'UK-PECR': {
    broken: [
      ['an offer', email('MoneyHelper. A special offer for you!', { jurisdictions: ['UK'] })],
      ['so much off what is sold', text('Pay GBP 20. PS: 20% off broadband this week!', uk)],
      ['a loan to pay loans', text('Consolidate your debts with a loan from our partner.', uk)],
      ['about a business debt', text('Invoice 7 is due. Subscribe today!', { ...uk, debtKind: 'commercial' })],
    ],
    kept: [
      ['so much off what is owed', british('We offer a 20% discount: pay 96.00 by 31 January.')],
      [
        'a settlement is no marketing',
        email('MoneyHelper. You can settle the account with a discount.', { jurisdictions: ['UK'] }),
      ],
    ],
  },
  'EU-EPRIVACY': {
    broken: [
      ['German', email('Unser Sonderangebot', { jurisdictions: ['EU'], language: 'de' })],
      ['new credit', text('Bitte zahlen Sie. Entdecken Sie unsere neuen Kreditangebote.', de)],
      ['a price cut in Spanish', text('Pague 20 euros. 20 % de descuento en móviles.', inSpain)],
    ],
    kept: [
      ['none', email('Bitte zahlen Sie.', { jurisdictions: ['EU'], language: 'de' })],
      ['instalments', text('Unser Angebot: fünf Raten zu 20 Euro.', de)],
      ['what was ordered', text('Ihre Bestellung vom 3. März ist noch zu bezahlen.', de)],
    ],
  },
  'EU-EXPOSURE': {
    broken: [
      [
        'a subject',
        email('Text', { jurisdictions: ['EU'], language: 'de', parts: { subject: 'Mahnung', body: 'Text' } }),
      ],
      ['an unpaid bill', subject('Unbezahlte Rechnung 4711', de)],
      ['without umlauts', subject('Ihre Rechnung ist ueberfaellig', de)],
      ['a bill to pay, in Spanish', subject('Factura pendiente de pago', inSpain)],
      ['a receipt not paid', subject('Recibo sin pagar', inSpain)],
      ['the firm, spoken in Spanish', voicemail('Le llamamos de una empresa de recobro.', inSpain)],
    ],
    kept: [
      ['a call-back, in German', voicemail('Hier ist Robin Smith. Bitte rufen Sie zurück.', de)],
      [
        'a business',
        email('Text', { jurisdictions: ['EU'], debtKind: 'commercial', parts: { subject: 'Mahnung', body: 'Text' } }),
      ],
    ],
  },
  'DE-RDG-13A': {
    broken: [
      ['only the sum', email('Bitte zahlen Sie 100 EUR.', { ...initial, jurisdictions: ['EU', 'DE'], language: 'de' })],
      [
        'nothing about a stolen identity',
        email(
          'Im Namen von Mercy Supply: Rechnung 7. Verzugszinsen 5 Prozentpunkte über dem Basiszinssatz. Inkassokosten: keine.',
          { ...initial, ...de },
        ),
      ],
    ],
    kept: [
      [
        'all five',
        email(
          'Im Namen von Mercy Supply: Rechnung 7 vom 3. Mai. Verzugszinsen 5 Prozentpunkte über dem Basiszinssatz. Inkassokosten: keine. Hat jemand Ihre Identität missbraucht, schreiben Sie uns.',
          { ...initial, jurisdictions: ['EU', 'DE'], language: 'de' },
        ),
      ],
    ],
  },
  'DE-CREDIT-THREAT': {
    broken: [
      ['SCHUFA', email('Es droht ein SCHUFA-Eintrag.', { jurisdictions: ['EU', 'DE'], language: 'de' })],
      ['reporting it', text('Zahlen Sie nicht, melden wir die Forderung der SCHUFA.', de)],
      ['having it entered', text('Wir lassen Sie bei der Schufa eintragen.', de)],
    ],
    kept: [
      ['none', email('Bitte zahlen Sie.', { jurisdictions: ['EU', 'DE'], language: 'de' })],
      ['whence the address is', text('Ihre Anschrift haben wir von der SCHUFA erhalten.', de)],
    ],
  },
  'US-CANSPAM': {
    broken: [['an offer', email(`${good} Get 20 percent off`, {})]],
    kept: [['none', email(good)]],
  },
};

describe.each(Object.entries(table))('%s', (rule, { broken, kept }) => {
  test.each(broken)('is broken: %s', (_what, one) => {
    expect(rules(one)).toContain(rule);
  });
  test.each(kept)('is kept: %s', (_what, one) => {
    expect(rules(one)).not.toContain(rule);
  });
});

const everyRule = shippedContentPacks.flatMap((pack) => pack.rules);

test('every rule has a case that breaks it and one that keeps it', () => {
  expect(Object.keys(table).sort()).toEqual(everyRule.map((rule) => rule.id).sort());
  for (const [rule, { broken, kept }] of Object.entries(table))
    expect([broken.length > 0, kept.length > 0], rule).toEqual([true, true]);
});

test('a message that keeps every rule has no finding', () => {
  expect(rules(email(good))).toEqual([]);
  expect(rules(email(first, initial))).toEqual([]);
  expect(rules(voicemail(lcm))).toEqual([]);
});

test('every wording a rule offers satisfies it, in its own language', () => {
  for (const rule of everyRule) {
    if (rule.kind !== 'required_phrase' || !rule.wording) continue;
    const { appliesTo } = rule;
    for (const [language, wording] of Object.entries(rule.wording)) {
      const one = message({
        language,
        channel: appliesTo.channels[0] ?? 'email',
        stage: appliesTo.stages?.[0] ?? 'initial',
        jurisdictions: appliesTo.jurisdictions,
        parts: { body: wording },
      });
      expect(rules(one), `${rule.id} ${language}`).not.toContain(rule.id);
      expect(missingWordings({ ...one, parts: { body: '.' } }, shippedContentPacks, at)).toContain(wording);
    }
  }
});

test('a finding says what, where, why and what to do', () => {
  const body = `${good} Next: you will be <b>arrested</b> soon.`;
  const [finding] = checkContent(email(body), shippedContentPacks, at);
  expect(finding).toMatchObject({
    ruleId: 'US-FDCPA-OTHER.threats',
    effect: 'refuse',
    part: 'body',
    citation: expect.stringContaining('1692d'),
    remedy: expect.stringMatching(/\.$/),
  });
  expect(body.slice(finding?.start ?? 0, finding?.end ?? 0)).toBe('you will be <b>arrested');
});

test('no finding repeats a card number', () => {
  const found = checkContent(email(`${good} 4111 1111 1111 1111`), shippedContentPacks, at);
  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).not.toMatch(/4111/);
  const wide = checkContent(email(`${good} ４１１１ １１１１ １１１１ １１１１`), shippedContentPacks, at);
  expect(JSON.stringify(wide)).not.toMatch(/４/);
  const code = checkContent(email(`${good} CVV 123`), shippedContentPacks, at);
  expect(code).toHaveLength(1);
  expect(JSON.stringify(code)).not.toMatch(/123/);
});

test('a rule holds from its first day to the day before its last', () => {
  const pack = shippedContentPacks.map((one) => ({
    ...one,
    rules: one.rules.map((rule) =>
      rule.id === 'US-REGF-6E-OPTOUT-NOTICE'
        ? { ...rule, effectiveFrom: '2026-01-01', effectiveTo: '2027-01-01' }
        : rule,
    ),
  }));
  const on = (day: string) =>
    checkContent(email('From a debt collector.'), pack, new Date(`${day}T12:00:00Z`)).map((finding) => finding.ruleId);
  expect([on('2025-12-31'), on('2026-01-01'), on('2026-12-31'), on('2027-01-01')].map((ids) => ids.length)).toEqual([
    0, 1, 1, 0,
  ]);
});

test('a language without wording cannot be judged and fails', () => {
  expect(rules(email('Questa è una comunicazione.', { language: 'it' }))).toEqual([
    'US-REGF-18E-DISCLOSURE.later',
    'US-REGF-6E-OPTOUT-NOTICE',
  ]);
});

test('a text that is no message yet lacks nothing, but may hold what is forbidden', () => {
  expect(checkWording(email('Dear customer,'), shippedContentPacks, at)).toEqual([]);
  expect(checkWording(email('You will be arrested'), shippedContentPacks, at)).toHaveLength(1);
});

describe('disguises', () => {
  const letters: Readonly<Record<string, readonly string[]>> = {
    a: ['а', 'á', 'ａ', '&#97;', '&#x61;', 'ɑ', '𝐚'],
    e: ['е', 'é', 'ｅ', '&eacute;', '𝑒'],
    o: ['о', 'ö', 'ο', '&ouml;'],
    i: ['і', 'í', '&iacute;'],
    s: ['ѕ', 'ｓ'],
    d: ['ԁ', 'ｄ'],
  };
  const noise = ['', '', '\u200b', '\u00ad', '&shy;', '\u2060', '<b>', '</i>', '<!-- x -->', '\u0301'];
  const disguised = (text: string): fc.Arbitrary<string> =>
    fc
      .tuple(
        ...[...text].map((letter) =>
          fc.tuple(
            fc.constantFrom(letter, letter.toUpperCase(), ...(letters[letter] ?? [])),
            fc.constantFrom(...noise),
          ),
        ),
      )
      .map((pieces) =>
        pieces.map(([letter, mark], index) => (/[a-z]/.test(text[index] ?? '') ? letter + mark : letter)).join(''),
      );

  test.each(['you will be arrested', 'act immediately', 'we will tell your employer'])(
    'of “%s” are seen through',
    (threat) => {
      fc.assert(
        fc.property(disguised(threat), (text) => {
          const found = checkContent(email(`${good} ${text} at last.`), shippedContentPacks, at);
          expect(found.length, text).toBeGreaterThan(0);
          for (const finding of found) {
            expect(finding.start).toBeGreaterThanOrEqual(good.length);
            expect(finding.end).toBeLessThanOrEqual(good.length + 1 + text.length);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  test('words far apart are no threat', () => {
    expect(
      rules(email(`${good} You will see that the two thieves were arrested in the film about prison we sent.`)),
    ).toEqual([]);
  });
});
