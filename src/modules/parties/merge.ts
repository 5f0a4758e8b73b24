import type { Id } from '../../kernel/ids.ts';

type ClusterId = Id<'cluster'>;
export type Merge = { readonly from: ClusterId; readonly into: ClusterId };

/**
 * The root of each cluster when exactly these merges hold. A cluster is merged away at most once at a time (only roots are), so
 * following its one merge, and that one's, ends at the root.
 */
export function rootsAfter(clusters: readonly ClusterId[], merges: readonly Merge[]): Map<ClusterId, ClusterId> {
  const next = new Map(merges.map((merge) => [merge.from, merge.into]));
  const rootOf = (cluster: ClusterId): ClusterId => {
    let at = cluster;
    for (let into = next.get(at); into !== undefined; into = next.get(at)) at = into;
    return at;
  };
  return new Map(clusters.map((cluster) => [cluster, rootOf(cluster)]));
}
