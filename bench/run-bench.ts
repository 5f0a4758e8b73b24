import { benchIntake } from './bench-intake.ts';
import { benchNext } from './bench-next.ts';
import { benchPages } from './bench-pages.ts';
import { benchPermit } from './bench-permit.ts';
import { benchRun } from './bench-run.ts';
import { BenchServer } from './bench-server.ts';
import { benchSegment } from './bench-segment.ts';
import { benchSimulate } from './bench-simulate.ts';
import { benchStart } from './bench-start.ts';

export const benches = ['intake', 'run', 'permit', 'pages', 'next', 'segment', 'simulate', 'start'] as const;
export type BenchName = (typeof benches)[number];

export type BenchOptions = {
  /** Size: accounts, rows for intake, proposals for permit. */
  readonly size?: number;
  readonly pairs: number;
  /** A folder to keep the filled databases in for the next time. */
  readonly keep?: string;
  readonly neighbour: boolean;
  readonly say: (line: string) => void;
};

/** Runs one benchmark and returns its figures: what `bench` prints as its last line. */
export async function runBench(name: BenchName, options: BenchOptions): Promise<Record<string, unknown>> {
  const { pairs, say, neighbour } = options;
  if (name === 'start') return benchStart({ starts: pairs, say });
  const server = await BenchServer.start(options.keep);
  try {
    switch (name) {
      case 'intake':
        return await benchIntake(server, { rows: options.size ?? 500_000, pairs, say });
      case 'run':
        return await benchRun(server, { accounts: options.size ?? 200_000, pairs, say });
      case 'permit':
        return await benchPermit(server, { proposals: options.size ?? 500, pairs, say });
      case 'segment':
        return await benchSegment(server, { accounts: options.size ?? 1_000_000, pairs, say });
      case 'simulate':
        return await benchSimulate(server, { accounts: options.size ?? 200_000, pairs, say });
      case 'next':
        return await benchNext(server, { accounts: options.size ?? 1_000_000, pairs, say });
      case 'pages':
        return await benchPages(server, { accounts: options.size ?? 200_000, requests: 60, neighbour, say });
    }
  } finally {
    await server.stop();
  }
}
