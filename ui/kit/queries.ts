import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './api.ts';
import type { Input, OperationName, Output } from './operations.ts';
import type { ProblemError } from './problem.ts';

interface ReadOptions {
  readonly enabled?: boolean;
  /** Keep showing the previous answer while the next one (a new filter, say) is under way. */
  readonly keep?: boolean;
  readonly refetchInterval?: number | false;
  readonly staleTime?: number;
}

/** Reads one operation and keeps it fresh. The key begins with the operation's name, which is what writes invalidate. */
export function useRead<N extends OperationName>(name: N, input: Input<N>, options: ReadOptions = {}) {
  return useQuery<Output<N>>({
    queryKey: [name, input.params ?? null, input.query ?? null, input.body ?? null],
    queryFn: ({ signal }) => call(name, { ...input, signal }),
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.refetchInterval === undefined ? {} : { refetchInterval: options.refetchInterval }),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
  });
}

type Paged = {
  [N in OperationName]: Output<N> extends { rows: readonly unknown[]; nextCursor: string | null } ? N : never;
}[OperationName];

/** Reads a list page by page along its cursor. */
export function usePages<N extends Paged>(name: N, input: Input<N>, options: ReadOptions = {}) {
  return useInfiniteQuery({
    queryKey: [name, input.params ?? null, input.query ?? null, 'pages'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call(name, {
        ...input,
        signal,
        query: { ...(input.query as object | undefined), ...(pageParam === null ? {} : { cursor: pageParam }) },
      } as unknown as Input<N>),
    getNextPageParam: (last: Output<N>) => (last as { nextCursor: string | null }).nextCursor,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
  });
}

/** Performs a write and then refreshes what it touches. Without `touches` everything on screen is read again. */
export function useWrite<N extends OperationName>(name: N, touches?: readonly OperationName[]) {
  const client = useQueryClient();
  return useMutation<Output<N>, ProblemError, Input<N>>({
    mutationFn: (input) => call(name, input),
    onSettled: () =>
      touches === undefined
        ? client.invalidateQueries()
        : Promise.all(touches.map((operation) => client.invalidateQueries({ queryKey: [operation] }))).then(
            () => undefined,
          ),
  });
}
