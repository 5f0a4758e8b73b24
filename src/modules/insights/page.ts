/** A page of a list; `nextCursor` is null on the last. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null };
