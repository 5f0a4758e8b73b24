/** What a rule says beside what it would say. */
export function BeforeAfter({
  before,
  after,
  changed,
}: {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly changed: string;
}) {
  return (
    <div className="before-after">
      <div>
        <h4 aria-level={3}>As it is</h4>
        {before.map((line) => (
          <p key={line} data-changed={!after.includes(line)}>
            {line}
          </p>
        ))}
      </div>
      <div>
        <h4 aria-level={3}>{changed}</h4>
        {after.map((line) => (
          <p key={line} data-changed={!before.includes(line)}>
            {line}
          </p>
        ))}
      </div>
    </div>
  );
}
