import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { Answered } from './typeset.ts';

/** The part of the native typesetter that is used; its package brings no types. */
type Compiler = {
  pdf(
    from: { readonly mainFilePath: string; readonly inputs: Readonly<Record<string, string>> },
    options: { readonly pdfStandard: string },
  ): Uint8Array;
  evictCache(age: number): void;
};
type Typesetter = {
  readonly NodeCompiler: {
    create(options: {
      readonly workspace: string;
      readonly fontArgs: readonly { readonly fontBlobs: readonly Uint8Array[] }[];
    }): Compiler;
  };
};

const folder = import.meta.dirname;
const font = (name: string) => readFileSync(join(folder, 'fonts', name));
let compiler: Compiler | null = null;

function start(): Compiler {
  const load = createRequire(import.meta.url);
  const { NodeCompiler } = load('@myriaddreamin/typst-ts-node-compiler-linux-x64-gnu') as Typesetter;
  // The workspace is all it can read; our layouts import no packages, so it never has a reason to ask the network.
  return NodeCompiler.create({
    workspace: folder,
    fontArgs: [{ fontBlobs: [font('inter-400.ttf'), font('inter-600.ttf')] }],
  });
}

parentPort?.on('message', ({ id, layout, data }: { id: number; layout: string; data: string }) => {
  try {
    compiler ??= start();
    const from = { mainFilePath: join(folder, `${layout}.typ`), inputs: { sheet: data } };
    const pdf = compiler.pdf(from, { pdfStandard: 'ua-1' });
    // Without this every letter ever set stays in memory.
    compiler.evictCache(10);
    parentPort?.postMessage({ id, pdf } satisfies Answered);
  } catch (error) {
    parentPort?.postMessage({
      id,
      fault: error instanceof Error ? error.message : String(error),
    } satisfies Answered);
  }
});
