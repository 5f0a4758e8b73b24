/** One record of a delimited file. `rowNo` counts records as a spreadsheet does: the first line is 1, blank lines count. */
export type SourceRow = {
  readonly rowNo: number;
  readonly cells: readonly string[];
  /** Why the record could not be taken apart; `cells` then holds its text in one piece. */
  readonly broken?: 'unclosed_quote' | 'stray_quote' | 'too_long';
};

export type CsvOptions = {
  readonly delimiter: string;
  readonly newline?: '\n' | '\r';
  readonly firstRowNo?: number;
  /** Longest record in characters; beyond it a quote was never closed or the file is not delimited text. */
  readonly maxRecord?: number;
};

const quote = '"';

/**
 * Reads RFC 4180 text in chunks of any size; memory is bounded by the longest record.
 * A quotation mark inside an unquoted cell is a character like any other. After a quote that is never closed, only the line it
 * stands on is given up (`unclosed_quote`): reading goes on with the next line, so that one mark cannot swallow a file.
 */
export function csvReader(options: CsvOptions) {
  const { delimiter, newline = '\n', maxRecord = 8_000_000 } = options;
  let rest = '';
  let rowNo = options.firstRowNo ?? 1;
  let skippingLine = false;

  function take(final: boolean): SourceRow[] {
    const rows: SourceRow[] = [];
    let from = 0;
    const text = rest;
    while (from < text.length) {
      const lineEnd = text.indexOf(newline, from);
      if (skippingLine) {
        skippingLine = lineEnd === -1;
        from = lineEnd === -1 ? text.length : lineEnd + 1;
        continue;
      }
      if (lineEnd === -1 && !final) {
        if (text.length - from <= maxRecord) break;
        rows.push({ rowNo: rowNo++, cells: [text.slice(from, from + maxRecord)], broken: 'too_long' });
        from = text.length;
        skippingLine = true;
        break;
      }
      const end = lineEnd === -1 ? text.length : lineEnd;
      const line = withoutReturn(text.slice(from, end));
      if (!line.includes(quote)) {
        rows.push({ rowNo: rowNo++, cells: line.split(delimiter) });
        from = end + 1;
        continue;
      }
      const record = readQuoted(text, from, delimiter, newline, final);
      if (record === 'incomplete' && !final && text.length - from <= maxRecord) break;
      if (typeof record === 'object') {
        rows.push({ rowNo: rowNo++, cells: record.cells });
        from = record.next;
      } else {
        rows.push({ rowNo: rowNo++, cells: [line], broken: record === 'stray' ? 'stray_quote' : 'unclosed_quote' });
        from = end + 1;
      }
    }
    rest = text.slice(from);
    return rows;
  }

  return {
    push(chunk: string): SourceRow[] {
      rest = rest === '' ? chunk : rest + chunk;
      return take(false);
    },
    end(): SourceRow[] {
      return take(true);
    },
  };
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** The record that starts at `from`, quotes undone; `incomplete` when the text ends inside quotes. */
function readQuoted(
  text: string,
  from: number,
  delimiter: string,
  newline: string,
  final: boolean,
): { cells: string[]; next: number } | 'incomplete' | 'stray' {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    if (text[at] === quote) {
      const closing = closingQuote(text, at + 1, final);
      if (closing === -1) return 'incomplete';
      const value = text.slice(at + 1, closing);
      cells.push(value.includes(quote) ? value.replaceAll('""', quote) : value);
      at = closing + 1;
      if (text[at] === '\r' && text[at + 1] === newline) at += 1;
      if (at >= text.length) return { cells, next: at };
      if (text[at] === newline) return { cells, next: at + 1 };
      if (text[at] !== delimiter) return 'stray';
      at += 1;
      continue;
    }
    const nextDelimiter = text.indexOf(delimiter, at);
    const lineEnd = text.indexOf(newline, at);
    if (nextDelimiter !== -1 && (lineEnd === -1 || nextDelimiter < lineEnd)) {
      cells.push(text.slice(at, nextDelimiter));
      at = nextDelimiter + 1;
      continue;
    }
    if (lineEnd === -1 && !final) return 'incomplete';
    const end = lineEnd === -1 ? text.length : lineEnd;
    cells.push(withoutReturn(text.slice(at, end)));
    return { cells, next: end + 1 };
  }
}

/** Position of the quote that closes a cell; -1 when the text at hand cannot tell. */
function closingQuote(text: string, from: number, final: boolean): number {
  let at = text.indexOf(quote, from);
  while (at !== -1) {
    if (text[at + 1] === quote) {
      at = text.indexOf(quote, at + 2);
      continue;
    }
    // At the very end of a chunk the next character may be the second half of a doubled quote, or of CR LF.
    const decided = at + 2 < text.length || final;
    return decided ? at : -1;
  }
  return -1;
}
