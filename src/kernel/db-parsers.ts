import pg from 'pg';

const OID = {
  int8: 20,
  date: 1082,
  timestamp: 1114,
  interval: 1186,
  numeric: 1700,
  textArray: 1009,
  int8Array: 1016,
  dateArray: 1182,
  numericArray: 1231,
  uuidArray: 2951,
};

const asText = (text: string): string => text;
const parseTextArray: (text: string) => (string | null)[] = pg.types.getTypeParser(OID.textArray);
const arrayOf =
  <T>(parse: (text: string) => T) =>
  (text: string): (T | null)[] =>
    parseTextArray(text).map((entry) => (entry === null ? null : parse(entry)));

const own = new Map<number, (text: string) => unknown>([
  [OID.int8, BigInt],
  [OID.date, asText],
  [OID.timestamp, asText],
  [OID.interval, asText],
  [OID.numeric, asText],
  [OID.int8Array, arrayOf(BigInt)],
  [OID.dateArray, arrayOf(asText)],
  [OID.numericArray, arrayOf(asText)],
  [OID.uuidArray, arrayOf(asText)],
]);

/**
 * How result columns arrive: int8 as bigint, date as 'YYYY-MM-DD', numeric as text, timestamptz as Date, jsonb parsed.
 * Given to each pool, never set globally, because libraries that share `pg` expect its defaults.
 */
export const parsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return own.get(oid) ?? pg.types.getTypeParser(oid, format as 'text');
  },
};
