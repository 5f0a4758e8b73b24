/** A JSON schema as the OpenAPI document holds it. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

export type Schemas = Readonly<Record<string, Schema>>;
/** Where in a request an id stands: property names and array positions. */
export type Place = readonly (string | number)[];

export function resolved(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref === undefined) return schema;
  const target = schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (!target) throw new Error(`Nothing is at ${schema.$ref}`);
  return resolved(target, schemas);
}

/** Every place in the schema that takes an id. */
export function idPlaces(given: Schema, schemas: Schemas, at: Place = []): Place[] {
  const schema = resolved(given, schemas);
  if (schema.format === 'uuid') return [at];
  return [
    ...(schema.anyOf ?? schema.oneOf ?? []).flatMap((part) => idPlaces(part, schemas, at)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) => idPlaces(part, schemas, [...at, name])),
    ...(schema.items ? idPlaces(schema.items, schemas, [...at, 0]) : []),
  ];
}

/** What to put where: an id by the name it goes by, and the places that must be filled although they could be left out. */
export type Wishes = { readonly idFor: (name: string) => string; readonly include?: Place };

const texts: readonly (readonly [RegExp, string])[] = [
  [/^\^\[A-Z\]\{3\}/, 'USD'],
  [/\[1-9\]/, '100'],
  [/-\?/, '100'],
  [/\\d\{4\}-/, '2026-03-10'],
  [/\\d\+/, '1'],
];

/** The smallest value the schema allows that holds what is wished for. */
export function sampleOf(given: Schema, schemas: Schemas, wishes: Wishes, name = ''): unknown {
  const schema = resolved(given, schemas);
  const include = wishes.include ?? [];
  const inner = (part: Schema, step: string | number) =>
    sampleOf(part, schemas, { ...wishes, include: include[0] === step ? include.slice(1) : [] }, String(step));
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    const chosen =
      include.length > 0 || name !== ''
        ? (options.find((option) => idPlaces(option, schemas).length > 0) ?? options[0])
        : options[0];
    return chosen && sampleOf(chosen, schemas, wishes, name);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  switch (type) {
    case 'object': {
      const wanted = new Set([...(schema.required ?? []), ...(typeof include[0] === 'string' ? [include[0]] : [])]);
      const entries = Object.entries(schema.properties ?? {}).filter(
        ([key, part]) =>
          wanted.has(key) && (part.default === undefined || key === include[0] || !schema.required?.includes(key)),
      );
      return Object.fromEntries(entries.map(([key, part]) => [key, inner(part, key)]));
    }
    case 'array':
      return Array.from(
        { length: Math.max(schema.minItems ?? 0, include.length > 0 ? 1 : 0) },
        (_none, index) => schema.items && inner(schema.items, index),
      );
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(schema, wishes, name);
  }
}

function textOf(schema: Schema, wishes: Wishes, name: string): string {
  if (schema.format === 'uuid') return wishes.idFor(name);
  if (schema.format === 'email') return 'somebody@sample.example';
  if (schema.format === 'date-time') return '2026-03-02T15:00:00Z';
  const known = texts.find(([pattern]) => schema.pattern !== undefined && pattern.test(schema.pattern));
  if (known) return known[1];
  if (/zone/i.test(name)) return 'America/New_York';
  if (/country/i.test(name)) return 'US';
  return 'sample'.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? 100);
}
