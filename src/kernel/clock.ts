/** Where instants come from. Only edges, jobs and the command line hold one; rules get `ctx.at`. */
export type Clock = { readonly now: () => Date };

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved: for tests and rehearsals. */
export function stoppedClock(start: Date): Clock & { moveTo: (instant: Date) => void } {
  let at = start;
  return {
    now: () => at,
    moveTo(instant) {
      if (instant < at) throw new RangeError(`The clock stands at ${at.toISOString()} and does not go back`);
      at = instant;
    },
  };
}
