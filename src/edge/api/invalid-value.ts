/** What the validator says of one value: its code, its own English and what that was made from. */
export type InvalidValue = {
  readonly keyword: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
};

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a list',
  date: 'a date',
  null: 'null',
};

const formats: Readonly<Record<string, string>> = {
  uuid: 'Not an id: these are UUIDs, taken from an earlier answer.',
  date: 'Not a date: write it as YYYY-MM-DD.',
  datetime: 'Not an instant: write it as 2026-01-31T12:00:00Z.',
  email: 'Not an e-mail address: write it like name@example.com.',
  url: 'Not an address: write it like https://example.com.',
};

/** In plain words what has to change; what a contract says in its own words stays as it is. */
export function plainly({ keyword, message = 'Not valid.', params }: InvalidValue): string {
  if (!/^(Invalid|Too|Unrecognized)\b/.test(message)) return message;
  switch (keyword) {
    case 'invalid_type': {
      const kind = kinds[String(params['expected'])] ?? String(params['expected']);
      return /received undefined$/.test(message) ? `Missing: give ${kind}.` : `Must be ${kind}.`;
    }
    case 'invalid_format':
      return formats[String(params['format'])] ?? message;
    case 'invalid_value':
      return `Must be ${listOf(params['values'], ' or ')}.`;
    case 'unrecognized_keys':
      return `Holds what is not known here: ${listOf(params['keys'], ', ')}. Leave it out or correct the name.`;
    case 'too_small':
      return params['origin'] === 'string' && params['minimum'] === 1
        ? 'Must not be empty.'
        : `Must ${amount(params, params['inclusive'] === false ? 'more than' : 'at least', params['minimum'])}.`;
    case 'too_big':
      return `Must ${amount(params, params['inclusive'] === false ? 'less than' : 'at most', params['maximum'])}.`;
    default:
      return message;
  }
}

function amount(params: InvalidValue['params'], bound: string, limit: unknown): string {
  const unit = { string: 'characters', array: 'entries' }[String(params['origin'])];
  return unit === undefined ? `be ${bound} ${String(limit)}` : `have ${bound} ${String(limit)} ${unit}`;
}

function listOf(values: unknown, between: string): string {
  return (Array.isArray(values) ? values : [values]).map(String).join(between);
}
