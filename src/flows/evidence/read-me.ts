// Only what every GNU system has. A test takes these lines out of a pack and runs them, on the pack and on altered ones.
const recipe = String.raw`
set -eu; export LC_ALL=C
fail() { echo "NOT AS IT WAS MADE: $1" >&2; exit 1; }
digest() { sha256sum | cut -c1-64; }
bytes() { tr a-f A-F | basenc --base16 -d; }

# 1. The files are those of the manifest, all of them and no others.
listed() {
  grep -o '"name":"[^"]*","sha256":"[0-9a-f]*"' manifest.json |
    sed 's/"name":"\(.*\)","sha256":"\(.*\)"/\2  .\/\1/'
}
listed | sha256sum -c --quiet || fail 'a file was altered or is missing'
there=$(find . -type f ! -path ./manifest.json ! -path './audit/*' | sort)
[ "$(listed | cut -c67- | sort)" = "$there" ] || fail 'a file was added'
proof=$(find ./audit -type f | grep -v -E '^\./audit/([0-9]+|made)\.txt$' || true)
[ -z "$proof" ] || fail 'a file was added to the audit proof'

# 2. The entry that vouches for the pack is what was sealed: SHA-256 of the hash before it (32 bytes), its number, a colon and its text.
sealed() { { printf %s "$2" | bytes; printf '%s:%s' "$1" "$3"; } | digest; }
lines='^[0-9]+ [0-9a-f]{64} [0-9a-f]{64} (erased|-) (-|[0-9a-f]{64}(,[0-9a-f]{64})*) \{.*\}$'
if grep -q -v -E "$lines" audit/*.txt; then fail 'a line of the audit proof'; fi
[ "$(wc -l < audit/made.txt)" -eq 1 ] || fail 'audit/made.txt'
read -r seq previous hash erased path text < audit/made.txt
[ "$(sealed "$seq" "$previous" "$text")" = "$hash" ] || fail 'audit/made.txt'
[ "$erased $path" = '- -' ] || fail 'audit/made.txt'
made=$hash vouched=$text
printf %s "$vouched" | grep -q '"action":"evidence.made"' || fail 'audit/made.txt'
value() { printf %s "$vouched" | sed -n 's/.*\\"'"$1"'\\": \\"\([^\\]*\)\\".*/\1/p'; }

# 3. It vouches for this manifest.
[ "$(value manifestSha256)" = "$(digest < manifest.json)" ] || fail 'the manifest was altered'

# 4. Every audit entry is what was sealed, and leads to the root of the tree: pair it with each hash of its path, the even place first.
first=$(value treeFirst) root=$(value treeRoot)
entries=$(
  for file in audit/[0-9]*.txt; do
    [ -e "$file" ] || continue
    while read -r seq previous hash erased path text; do
      [ "$erased" != - ] || [ "$(sealed "$seq" "$previous" "$text")" = "$hash" ] || fail "audit entry $seq"
      node=$hash place=$((seq - first))
      for other in $(printf %s "$path" | tr ',' ' ' | sed 's/^-$//'); do
        if [ $((place % 2)) -eq 0 ]; then pair=$node$other; else pair=$other$node; fi
        node=$(printf %s "$pair" | bytes | digest) place=$((place / 2))
      done
      [ "$node" = "$root" ] || fail "audit entry $seq is not of this chain"
      printf 'id %s\n' "$(printf %s "$text" | sed 's/.*"id":"\([0-9a-f-]*\)".*/\1/')"
      [ "$erased" = - ] || printf 'erased %s\n' "$seq $previous $hash $text"
    done < "$file"
  done
)

# 5. No entry is missing and none was added; those whose free text was erased say what was left of them. Both by the digest of a set, sorted.
set_of() { printf '%s\n' "$entries" | sed -n "s/^$1 //p" | sort | digest; }
stated=$(printf %s "$vouched" | sed 's/.*"set_digest":"\([0-9a-f]*\)".*/\1/')
[ "$(set_of id)" = "$stated" ] || fail 'audit entries are missing or were added'
[ "$(set_of erased)" = "$(value erasedDigest)" ] || fail 'an erased audit entry'

# 6. Each permit's facts are those it was judged on.
for file in permits/*.jsonl; do
  [ -e "$file" ] || continue
  while read -r line; do
    if printf %s "$line" | grep -q '"erased_at":"'; then continue; fi
    facts=$(printf %s "$line" | sed 's/.*"facts_text":"\(.*\)","id":".*/\1/; s/\\\(["\\]\)/\1/g')
    printf %s "$line" | grep -q '"facts_sha256":"'"$(printf %s "$facts" | digest)"'"' || fail "a permit of $file"
  done < "$file"
done
echo "Nothing was changed, left out or added. The chain ended at $made"
`.trim();

/** What somebody who opens the pack without ever having seen Dunwell needs to know. */
export function readMe(title: string): string {
  return `${title}
${'='.repeat(title.length)}

timeline/*.pdf     what happened, oldest first, for reading
timeline/*.jsonl   the same, one JSON object a line
permits/*.jsonl    every permit asked for: decision, reasons with rule and citation, and the facts it was judged on.
                   facts_sha256 is the SHA-256 of facts_text.
messages/*.jsonl   every message as it was sent, and what became of it
notices/*.jsonl    every validation notice, with its dates, the replies to it and what was answered
notices/*.pdf, *.html   the notices themselves, byte for byte as they went out; "documents" in notices/*.jsonl names each with its SHA-256,
                   and so does the audit entry notice.given
manifest.json      name, size and SHA-256 of all of the above
audit/*.txt        the entries of the audit trail that concern it, a line each: number, hash before, hash, whether free text of it was erased
                   (a dash: no), its way to the root of a tree over all seals, and the text that was sealed
audit/made.txt     the entry that was sealed when this pack was made: it names the digest of the manifest, the root and the set of entries

To check it:        dunwell evidence verify THIS-FILE.zip
With a known head:  dunwell evidence verify THIS-FILE.zip --head HASH

The hash in audit/made.txt is where the collector's audit chain ended when the pack was made. The check shows that nothing in the pack was
changed, left out or added since that seal. That the seal itself is genuine shows when you compare this hash with one the collector cannot
change: one you asked for and kept, or one that \`dunwell verify\` printed to somebody else.

By hand
-------
Unpack the file into an empty folder and run these lines there with \`sh\`. They need sha256sum, basenc (GNU coreutils 8.31 or later), grep, sed
and find. They take about a tenth of a second for each audit entry; they end with one sentence, or name what is not as it was made.

${recipe.replace(/^(?=.)/gm, '    ')}
`;
}
