/** The words of a validation notice in one language: Model Form B-1 of 12 CFR 1006, Appendix B, in its order. */
export type NoticeWording = {
  readonly language: 'en' | 'es';
  readonly title: (collector: string) => string;
  readonly to: string;
  readonly from: string;
  readonly reference: (code: string) => string;
  readonly hours: (phone: string, hours: string) => string;
  readonly opening: (collector: string, creditor: string) => string;
  readonly shows: string;
  readonly account: (debt: {
    readonly product: string | null;
    readonly brand: string | null;
    readonly creditor: string;
    readonly ending: string | null;
  }) => string;
  readonly asOf: (date: string) => string;
  readonly since: (date: string) => string;
  readonly interest: string;
  readonly fees: string;
  readonly paid: string;
  readonly total: string;
  readonly howToDispute: string;
  readonly disputeBy: (date: string) => string;
  readonly disputeInWriting: (date: string) => string;
  readonly disputeOnline: { readonly paper: string; readonly electronic: string };
  readonly whatElse: string;
  readonly originalCreditorBy: (date: string) => string;
  readonly cfpb: string;
  readonly paymentOptions: string;
  readonly spanishCopy: string;
  readonly reverse: string;
  readonly respond: string;
  readonly checkAll: string;
  readonly dispute: string;
  readonly because: { readonly notMine: string; readonly wrongAmount: string; readonly other: string };
  readonly otherOnline: string;
  readonly originalCreditor: string;
  readonly payment: (collector: string, code: string) => string;
  readonly spanish: string;
  readonly mailTo: string;
  readonly online: { readonly text: string; readonly alt: string; readonly button: string };
  readonly describe: string;
  readonly disclosures: string;
  readonly page: string;
  readonly subject: (creditor: string, identifier: string) => string;
  readonly accountEnding: (ending: string) => string;
  readonly optOut: string;
  readonly optOutLink: string;
};

const spanishCopy = 'Póngase en contacto con nosotros para solicitar una copia de este formulario en español.';
const spanish = 'Quiero este formulario en español.';

export const englishNotice: NoticeWording = {
  language: 'en',
  title: (collector) => `Notice about a debt from ${collector}`,
  to: 'To:',
  from: 'From:',
  reference: (code) => `Reference: ${code}`,
  hours: (phone, hours) => `${phone}, ${hours}`,
  opening: (collector, creditor) =>
    `${collector} is a debt collector. We are trying to collect a debt that you owe to ${creditor}. We will use any information you give us to help collect the debt.`,
  shows: 'Our information shows:',
  account: ({ product, brand, creditor, ending }) =>
    `You had ${withArticle([brand, product ?? 'account'].filter((part) => part !== null).join(' '))} from ${creditor}${ending === null ? '' : ` with account number ending in ${ending}`}.`,
  asOf: (date) => `As of ${date}, you owed:`,
  since: (date) => `Between ${date} and today:`,
  interest: 'You were charged this amount in interest:',
  fees: 'You were charged this amount in fees:',
  paid: 'You paid or were credited this amount toward the debt:',
  total: 'Total amount of the debt now:',
  howToDispute: 'How can you dispute the debt?',
  disputeBy: (date) =>
    `Call or write to us by ${date}, to dispute all or part of the debt. If you do not, we will assume that our information is correct.`,
  disputeInWriting: (date) =>
    `If you write to us by ${date}, we must stop collection on any amount you dispute until we send you information that shows you owe the debt. You may use the form below or write to us without the form. You may also include supporting documents.`,
  disputeOnline: {
    paper:
      'We accept disputes electronically: scan the code beside the form below, or go to the address printed there.',
    electronic: 'We accept disputes electronically: use the link in the form below.',
  },
  whatElse: 'What else can you do?',
  originalCreditorBy: (date) =>
    `Write to ask for the name and address of the original creditor, if different from the current creditor. If you write by ${date}, we must stop collection until we send you that information. You may use the form below or write to us without the form.`,
  cfpb: 'Go to www.cfpb.gov/debt-collection to learn more about your rights under federal law. For instance, you have the right to stop or limit how we contact you.',
  paymentOptions: 'Contact us about your payment options.',
  spanishCopy,
  reverse: 'Notice: See reverse side for important information.',
  respond: 'How do you want to respond?',
  checkAll: 'Check all that apply:',
  dispute: 'I want to dispute the debt because I think:',
  because: {
    notMine: 'This is not my debt.',
    wrongAmount: 'The amount is wrong.',
    other: 'Other (please describe on reverse or attach additional information).',
  },
  otherOnline: 'Other (please describe below).',
  originalCreditor: 'I want you to send me the name and address of the original creditor.',
  payment: (collector, code) =>
    `I enclosed this amount: $ ______________ Make your check payable to ${collector}. Include the reference number ${code}.`,
  spanish,
  mailTo: 'Mail this form to:',
  online: {
    text: 'You can fill in this form online:',
    alt: 'Code that leads to the online form at the address beside it',
    button: 'Fill in this form online',
  },
  describe: 'Please describe:',
  disclosures: 'Important information',
  page: 'Page',
  subject: (creditor, identifier) => `Your rights and our information: ${creditor}, ${identifier}`,
  accountEnding: (ending) => `account ending in ${ending}`,
  optOut: 'To stop e-mails to this address, use this link or reply with the word STOP:',
  optOutLink: 'Stop e-mails to this address',
};

export const spanishNotice: NoticeWording = {
  language: 'es',
  title: (collector) => `Aviso sobre una deuda de ${collector}`,
  to: 'Para:',
  from: 'De:',
  reference: (code) => `Referencia: ${code}`,
  hours: (phone, hours) => `${phone}, ${hours}`,
  opening: (collector, creditor) =>
    `${collector} es un cobrador de deudas. Estamos tratando de cobrar una deuda que usted le debe a ${creditor}. Usaremos cualquier información que nos dé para ayudarnos a cobrar la deuda.`,
  shows: 'Nuestra información muestra:',
  account: ({ product, brand, creditor, ending }) =>
    `Usted tenía una cuenta${[product, brand].some((part) => part !== null) ? ` (${[brand, product].filter((part) => part !== null).join(' ')})` : ''} con ${creditor}${ending === null ? '' : ` con un número de cuenta que termina en ${ending}`}.`,
  asOf: (date) => `Al ${date}, usted debía:`,
  since: (date) => `Entre el ${date} y hoy:`,
  interest: 'Se le cobró esta cantidad en intereses:',
  fees: 'Se le cobró esta cantidad en cargos:',
  paid: 'Usted pagó o se le acreditó esta cantidad para la deuda:',
  total: 'Cantidad total de la deuda ahora:',
  howToDispute: '¿Cómo puede disputar la deuda?',
  disputeBy: (date) =>
    `Llámenos o escríbanos a más tardar el ${date} para disputar la totalidad o una parte de la deuda. Si no lo hace, asumiremos que nuestra información es correcta.`,
  disputeInWriting: (date) =>
    `Si nos escribe a más tardar el ${date}, debemos detener el cobro de cualquier cantidad que usted dispute hasta que le enviemos información que demuestre que usted debe la deuda. Puede usar el formulario a continuación o escribirnos sin el formulario. También puede incluir documentos de respaldo.`,
  disputeOnline: {
    paper:
      'Aceptamos disputas por vía electrónica: escanee el código junto al formulario a continuación o visite la dirección impresa allí.',
    electronic: 'Aceptamos disputas por vía electrónica: use el enlace en el formulario a continuación.',
  },
  whatElse: '¿Qué más puede hacer?',
  originalCreditorBy: (date) =>
    `Escríbanos para pedir el nombre y la dirección del acreedor original, si es diferente del acreedor actual. Si nos escribe a más tardar el ${date}, debemos detener el cobro hasta que le enviemos esa información. Puede usar el formulario a continuación o escribirnos sin el formulario.`,
  cfpb: 'Visite www.cfpb.gov/debt-collection para obtener más información sobre sus derechos conforme a la ley federal. Por ejemplo, usted tiene derecho a detener o limitar la forma en que nos comunicamos con usted.',
  paymentOptions: 'Comuníquese con nosotros para informarse sobre sus opciones de pago.',
  spanishCopy,
  reverse: 'Aviso: Vea el reverso para obtener información importante.',
  respond: '¿Cómo quiere responder?',
  checkAll: 'Marque todo lo que corresponda:',
  dispute: 'Quiero disputar la deuda porque creo que:',
  because: {
    notMine: 'Esta no es mi deuda.',
    wrongAmount: 'La cantidad es incorrecta.',
    other: 'Otro (describa en el reverso o adjunte información adicional).',
  },
  otherOnline: 'Otro (describa a continuación).',
  originalCreditor: 'Quiero que me envíen el nombre y la dirección del acreedor original.',
  payment: (collector, code) =>
    `Adjunto esta cantidad: $ ______________ Haga su cheque a nombre de ${collector}. Incluya el número de referencia ${code}.`,
  spanish,
  mailTo: 'Envíe este formulario por correo a:',
  online: {
    text: 'Puede llenar este formulario en línea:',
    alt: 'Código que lleva al formulario en línea, en la dirección impresa a su lado',
    button: 'Llenar este formulario en línea',
  },
  describe: 'Describa aquí:',
  disclosures: 'Información importante',
  page: 'Página',
  subject: (creditor, identifier) => `Sus derechos y nuestra información: ${creditor}, ${identifier}`,
  accountEnding: (ending) => `cuenta que termina en ${ending}`,
  optOut: 'Para no recibir más correos electrónicos en esta dirección, use este enlace o responda con la palabra STOP:',
  optOutLink: 'No enviar más correos electrónicos a esta dirección',
};

function withArticle(thing: string): string {
  return `${/^[aeiou]/i.test(thing) ? 'an' : 'a'} ${thing}`;
}

/** The words of a notice's language. */
export const noticeWording = (language: 'en' | 'es'): NoticeWording =>
  language === 'es' ? spanishNotice : englishNotice;
