/** What would contradict or hide the right to dispute while the validation period runs (12 CFR 1006.38(b)(1)). */
export const overshadowingKinds = ['due_date', 'discount_deadline', 'threat', 'credit_report'] as const;
export type OvershadowingKind = (typeof overshadowingKinds)[number];

export type Overshadowing = {
  readonly kind: OvershadowingKind;
  /** The words that do it, as they stand; null where it follows from a field and not from words. */
  readonly words: string | null;
  readonly sentence: string;
};

const sentences: Readonly<Record<OvershadowingKind, string>> = {
  due_date: 'A date by which to pay would hide that the debt can be disputed until the period ends.',
  discount_deadline: 'An offer that runs out before the period ends would push the person to pay instead of asking.',
  threat: 'Announcing what happens without payment would contradict the right to dispute first.',
  credit_report: 'Speaking of credit reporting would contradict the right to dispute first.',
};

const day = String.raw`(?:\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}|\d{1,2} de \p{L}+|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|hoy|mañana)`;
const span =
  /(?:within|in the next|en|dentro de|en los próximos)\s+(?:\d+|two|three|five|seven|ten|fourteen|tres|cinco|siete|diez|quince)\s+(?:business |working )?(?:day|hour|week|día|hora|semana)/iu;
const until = new RegExp(
  String.raw`(?:\b(?:by|before|no later than|not later than|until|through)|antes del?|a más tardar(?: el)?|hasta(?: el)?)\s+(?:el )?${day}`,
  'iu',
);
const soon = /\b(?:immediately|at once|without delay|right away|de inmediato|inmediatamente|sin demora)\b/iu;
const runsOut = /\b(?:ends?|expires?|runs? out|vence|termina)\b/iu;
const payment = /\b(?:pay|payment|payable|remit|due|owe[ds]?|pague|pagar|pago|abone|vence|vencimiento)\b/iu;
const offer = /\b(?:discount|settle|settlement|offer|save \d|reduced amount|descuento|oferta|acuerdo)/iu;

const says: Readonly<Record<OvershadowingKind, (sentence: string) => boolean>> = {
  // A due date and the end of an offer read alike; which one it is follows from whether money is taken off.
  discount_deadline: (words) => offer.test(words) && [until, span, runsOut].some((when) => when.test(words)),
  due_date: (words) =>
    !offer.test(words) &&
    payment.test(words) &&
    ([until, span, soon].some((when) => when.test(words)) || /\bdue (?:date|on)\b|fecha de vencimiento/iu.test(words)),
  credit_report: (words) =>
    /credit (?:report|bureau|score|rating|history|record|file)|reporting agenc|informes? de crédito|historial (?:de crédito|crediticio)|buró de crédito|puntaje de crédito|agencias? de (?:crédito|informes)/iu.test(
      words,
    ),
  threat: (words) =>
    /\blegal action|\blawsuit|\bsue[ds]?\b|\bcourt\b|\battorney|\bgarnish|\bseiz|\blien\b|\brepossess|\barrest|\bfinal notice|\blast chance|\bconsequences|\bfurther action|\bacci(?:ón|ones) legal|\bdemandar|\btribunal|\babogad|\bembarg|último aviso|última oportunidad|\bconsecuencias/iu.test(
      words,
    ),
};

// Long runs without a full stop are judged in pieces, so that no text costs more than its length.
const piece = 1000;
const sentencesOf = (text: string) =>
  text
    .slice(0, 50_000)
    .split(/(?<=[.!?])\s+|\n+/)
    .flatMap((line) => line.match(new RegExp(`.{1,${piece}}`, 'gsu')) ?? []);

/** Finds, in words of either language, what may not stand in a validation notice nor in its envelope. */
export function findOvershadowing(text: string): Overshadowing[] {
  return sentencesOf(text).flatMap((words) =>
    overshadowingKinds
      .filter((kind) => says[kind](words))
      .map((kind) => ({ kind, words: words.trim(), sentence: sentences[kind] })),
  );
}

/** Facts of a communication that are known without reading it. */
export type PeriodContent = {
  readonly demandsPaymentBy?: string | null | undefined;
  readonly discountEndsOn?: string | null | undefined;
  readonly threatens?: boolean | undefined;
  readonly mentionsCreditReporting?: boolean | undefined;
  /** It says, as clearly as the demand, that the demand does not cut the right to dispute short. */
  readonly reconcilesWithDisputeRights?: boolean | undefined;
};

/** What of a communication is withheld while the period runs; empty when it may go out as it is. A demand for after the end is none. */
export function withheldInPeriod(content: PeriodContent, periodEndsOn: string): Overshadowing[] {
  if (content.reconcilesWithDisputeRights === true) return [];
  const inside = (date: string | null | undefined) => date !== undefined && date !== null && date <= periodEndsOn;
  const found: OvershadowingKind[] = [];
  if (inside(content.demandsPaymentBy)) found.push('due_date');
  if (inside(content.discountEndsOn)) found.push('discount_deadline');
  if (content.threatens === true) found.push('threat');
  if (content.mentionsCreditReporting === true) found.push('credit_report');
  return found.map((kind) => ({ kind, words: null, sentence: sentences[kind] }));
}
