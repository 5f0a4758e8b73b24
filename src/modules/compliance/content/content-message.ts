export const contentChannels = ['email', 'sms', 'letter', 'voicemail', 'social_private'] as const;
export const contentStages = [
  'initial',
  'subsequent',
  'location_request',
  'limited_content',
  'opt_out_confirmation',
] as const;
export const collectorTypes = ['first_party', 'third_party', 'debt_buyer'] as const;
export const debtKinds = ['commercial', 'consumer'] as const;
export const recipientKinds = ['consumer', 'attorney', 'third_party'] as const;
/** The parts of a message that can be judged apart: who reads an envelope is not who reads the letter. */
export const messageParts = ['subject', 'body', 'transcript', 'envelope'] as const;

export type MessagePart = (typeof messageParts)[number];
export type ContentChannel = (typeof contentChannels)[number];
export type ContentStage = (typeof contentStages)[number];

/** What the law asks about a message before it reads it. */
export type ContentContext = {
  readonly channel: ContentChannel;
  /** Two letters, as in `es`. */
  readonly language: string;
  /** Whom it reaches. A business debtor is read as the debtor too: `consumer` says the debtor's own side of it. */
  readonly recipient: (typeof recipientKinds)[number];
  readonly stage: ContentStage;
  /** Whose law applies: `US`, `US-CA`, `UK`, `EU`, `DE`. */
  readonly jurisdictions: readonly string[];
  readonly collectorType: (typeof collectorTypes)[number];
  readonly debtKind: (typeof debtKinds)[number];
  readonly timeBarred?: boolean;
  /** An artificial or recorded voice. */
  readonly prerecorded?: boolean;
};

/** A message with everything it is judged on. An e-mail's body stands once per alternative: a reader sees either. */
export type ContentMessage = ContentContext & {
  readonly parts: {
    readonly subject?: string | undefined;
    readonly body?: string | readonly string[] | undefined;
    readonly transcript?: string | undefined;
    readonly envelope?: string | undefined;
  };
  /** Names and numbers the message may speak of; they are no wording of the sender's. */
  readonly names: {
    /** The business that speaks. */
    readonly business: string;
    readonly creditor?: string | undefined;
    readonly party?: string | undefined;
    /** The natural person to ask for. */
    readonly person?: string | undefined;
    readonly phone?: string | undefined;
  };
  /** Account numbers in full, which consumers' messages must not carry. */
  readonly accountNumbers?: readonly string[];
  /** Invoice and other numbers we know to be no card numbers. */
  readonly knownNumbers?: readonly string[];
};

/** One thing a rule has against a message. */
export type ContentFinding = {
  readonly ruleId: string;
  /** Which interpreter of rules found it. */
  readonly kind: string;
  readonly title: string;
  readonly citation: string;
  readonly confidence: string;
  readonly effect: 'refuse' | 'warn';
  /** What is wrong, in one sentence. */
  readonly sentence: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly part: MessagePart;
  /** Where in the part as it was given, in UTF-16 units; null when something is missing. */
  readonly start: number | null;
  readonly end: number | null;
  readonly excerpt: string | null;
};
