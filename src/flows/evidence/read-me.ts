/** What somebody who opens the pack without ever having seen Dunwell needs to know. */
export function readMe(title: string): string {
  return `${title}
${'='.repeat(title.length)}

timeline/*.pdf     what happened, oldest first, for reading
timeline/*.jsonl   the same, one JSON object a line
permits/*.jsonl    every permit asked for: decision, reasons with rule and citation, and the facts it was judged on.
                   facts_sha256 is the SHA-256 of facts_text.
messages/*.jsonl   every message as it was sent, and what became of it
manifest.json      name, size and SHA-256 of all of the above
audit/*.jsonl      the entries of the audit trail that concern it, each with its seal and its way to the root of a tree over all seals
audit/made.json    the entry that was sealed when this pack was made: it names the digest of the manifest, the root and the set of entries

To check it:        dunwell evidence verify THIS-FILE.zip
With a known head:  dunwell evidence verify THIS-FILE.zip --head HASH

The "hash" in audit/made.json is where the collector's audit chain ended when the pack was made. The check shows that nothing in the pack was
changed, left out or added since that seal. That the seal itself is genuine shows when you compare this hash with one the collector cannot
change: one you asked for and kept, or one that \`dunwell verify\` printed to somebody else.

By hand, with sha256sum, jq and xxd
-----------------------------------
Unpack the file and work in its folder.

1. The files are those of the manifest (prints nothing but OK):
   jq -r '.files[] | "\\(.sha256)  \\(.name)"' manifest.json | sha256sum -c

2. The manifest is the one that was sealed (both lines are equal):
   sha256sum < manifest.json
   jq -r '.text' audit/made.json | jq -r '.detail_text' | jq -r '.manifestSha256'

3. The seal is right: SHA-256 of the previous hash (32 bytes), the number, a colon and the text (both lines are equal):
   { jq -r .previousHash audit/made.json | xxd -r -p; jq -j '.seq + ":" + .text' audit/made.json; } | sha256sum
   jq -r .hash audit/made.json

4. Every line of audit/*.jsonl is sealed the same way. Its place in the tree is seq - treeFirst (in the detail_text of made.json). Begin with
   its hash; for each hash of its path take SHA-256 of both, its own first where the place is even, the path's first where it is odd, and
   halve the place, rounding down. What comes out last is treeRoot.

5. No line is missing: the text of made.json has set_count, the number of lines, and set_digest, the SHA-256 of the lines' ids (the id in
   each text), sorted, each with a line feed:
   cat audit/0*.jsonl | jq -r '.text | fromjson | .id' | LC_ALL=C sort | sha256sum

6. A permit's facts are those it was judged on (both are equal for every line):
   head -1 permits/0001.jsonl | jq -j .facts_text | sha256sum
   head -1 permits/0001.jsonl | jq -r .facts_sha256
`;
}
