import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { problemOf } from './problem.ts';

let serial = 0;

/** Says that something was done; with `undo` it stays long enough to be taken back. */
export function say(message: ReactNode, undo?: () => void): void {
  const id = `toast-${++serial}`;
  notifications.show({
    id,
    color: 'pine',
    autoClose: undo === undefined ? 5000 : 12_000,
    message:
      undo === undefined ? (
        message
      ) : (
        <span className="row">
          <span className="grow">{message}</span>
          <Button
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            Undo
          </Button>
        </span>
      ),
  });
}

/** Says in the server's words why something was not done. */
export function sayProblem(error: unknown): void {
  const problem = problemOf(error);
  notifications.show({ color: 'red', title: problem.title, message: problem.detail, autoClose: 12_000 });
}
