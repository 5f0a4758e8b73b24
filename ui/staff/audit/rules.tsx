import { Day } from '../../kit/amount.tsx';
import { Section } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';

/** The rules every contact is judged by, in words, each with its source. */
export function Rules() {
  const rules = useRead('listRules', {});
  if (rules.isPending) return <SkeletonLines rows={8} />;
  if (rules.error !== null) return <Problem error={rules.error} retry={() => void rules.refetch()} />;
  return (
    <>
      {rules.data.packs.map((pack) => (
        <Section key={pack.id} title={pack.title} aside={`${pack.id}, version ${pack.version}`}>
          <table className="table" aria-label={pack.title}>
            <tbody>
              {pack.rules.map((rule) => (
                <tr key={rule.id}>
                  <td style={{ verticalAlign: 'top', width: 130 }}>
                    <Tag>{words(rule.kind)}</Tag>
                  </td>
                  <td>
                    {rule.sentence}
                    <div className="muted">
                      {rule.citation}. {words(rule.confidence)}. From <Day date={rule.effectiveFrom} />
                      {rule.effectiveTo !== null && (
                        <>
                          {' '}
                          until <Day date={rule.effectiveTo} />
                        </>
                      )}
                      .
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ))}
    </>
  );
}
