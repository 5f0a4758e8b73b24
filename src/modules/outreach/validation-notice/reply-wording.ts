/** The words of the online reply form, beside those it shares with the notice. */
export type ReplyWording = {
  readonly title: string;
  readonly about: (debt: {
    readonly collector: string;
    readonly creditor: string;
    readonly ending: string | null;
  }) => string;
  readonly reference: (code: string) => string;
  readonly inTime: (date: string) => string;
  readonly over: (date: string) => string;
  readonly counts: string;
  readonly explain: string;
  readonly explainHint: string;
  readonly send: string;
  readonly nothing: string;
  readonly tooLong: string;
  readonly expired: string;
  readonly readAgain: string;
  readonly pdf: string;
  readonly otherLanguage: string;
  readonly received: string;
  readonly receivedAt: (when: string) => string;
  readonly weStop: string;
  readonly weLook: string;
  readonly keep: string;
  readonly broken: string;
  readonly notSent: string;
};

const english: ReplyWording = {
  title: 'Reply to a notice about a debt',
  about: ({ collector, creditor, ending }) =>
    `This form goes to ${collector}, about a debt to ${creditor}${ending === null ? '' : `, account ending in ${ending}`}.`,
  reference: (code) => `Reference: ${code}`,
  inTime: (date) => `A reply sent here counts as written. Send it by ${date} for your rights in full.`,
  over: (date) => `The period for disputing ended on ${date}. You can still write to us here.`,
  counts: 'You need not give any reason beyond what you tick.',
  explain: 'Anything you want to add',
  explainHint: 'Do not write card numbers or your social security number here.',
  send: 'Send this reply',
  nothing: 'Tick at least one line, or write something below. Nothing was sent.',
  tooLong: 'That is more than 4,000 characters. Please shorten it, or send us a letter. Nothing was sent.',
  expired:
    'This page had been open for long, so it was made anew. Please look it over and send it again. Nothing was sent.',
  readAgain: 'Read the notice again',
  pdf: 'The notice as PDF',
  otherLanguage: 'Español',
  received: 'Your reply has been received',
  receivedAt: (when) => `Received ${when}. You told us:`,
  weStop:
    'We have stopped collection of what you asked about. It stays stopped until we have sent you what you asked for.',
  weLook: 'A person will look at your reply. Automatic messages about this debt wait until then.',
  keep: 'Keep this page or print it for your records. You may send further replies with the same link.',
  broken: 'This address does not work',
  notSent: 'This notice has not been sent yet, so it cannot be answered.',
};

const spanish: ReplyWording = {
  title: 'Responder a un aviso sobre una deuda',
  about: ({ collector, creditor, ending }) =>
    `Este formulario es para ${collector}, sobre una deuda con ${creditor}${ending === null ? '' : `, cuenta que termina en ${ending}`}.`,
  reference: (code) => `Referencia: ${code}`,
  inTime: (date) =>
    `Una respuesta enviada aquí cuenta como escrita. Envíela a más tardar el ${date} para conservar todos sus derechos.`,
  over: (date) => `El plazo para disputar terminó el ${date}. Todavía puede escribirnos aquí.`,
  counts: 'No necesita dar más razones que las que marque.',
  explain: 'Lo que quiera agregar',
  explainHint: 'No escriba aquí números de tarjeta ni su número de seguro social.',
  send: 'Enviar esta respuesta',
  nothing: 'Marque al menos una línea o escriba algo abajo. No se envió nada.',
  tooLong: 'Son más de 4,000 caracteres. Acórtelo o envíenos una carta. No se envió nada.',
  expired: 'Esta página estuvo abierta mucho tiempo y se hizo de nuevo. Revísela y envíela otra vez. No se envió nada.',
  readAgain: 'Leer el aviso otra vez',
  pdf: 'El aviso en PDF',
  otherLanguage: 'English',
  received: 'Recibimos su respuesta',
  receivedAt: (when) => `Recibida el ${when}. Usted nos dijo:`,
  weStop: 'Hemos detenido el cobro de lo que usted señaló. Sigue detenido hasta que le enviemos lo que pidió.',
  weLook: 'Una persona revisará su respuesta. Los mensajes automáticos sobre esta deuda esperan hasta entonces.',
  keep: 'Guarde o imprima esta página. Puede enviar otras respuestas con el mismo enlace.',
  broken: 'Esta dirección no funciona',
  notSent: 'Este aviso todavía no se ha enviado, así que no se puede responder.',
};

/** The words of the reply form in a language. */
export const replyWording = (language: 'en' | 'es'): ReplyWording => (language === 'es' ? spanish : english);
