/** The words of a language: headings of the table, and per level a subject and a letter in Liquid. Paragraphs are parted by blank lines. */
export type Wording = {
  readonly language: string;
  readonly greeting: string;
  readonly table: {
    readonly invoice: string;
    readonly issued: string;
    readonly due: string;
    readonly age: string;
    readonly open: string;
    readonly credit: string;
    readonly unapplied: string;
    readonly overdueTotal: string;
    readonly total: string;
    readonly notDue: string;
    readonly daysLate: string;
  };
  readonly howToPay: string;
  readonly questions: string;
  readonly about: string;
  readonly unsubscribe: string;
  readonly signOff: string;
  /** For consumers, whatever the level: a subject line shows on locked screens. */
  readonly consumerSubject: string;
  readonly levels: readonly [LevelWording, LevelWording, LevelWording, LevelWording, LevelWording, LevelWording];
};

export type LevelWording = { readonly label: string; readonly subject: string; readonly body: string };
