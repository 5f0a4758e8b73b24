import { useEffect, useRef } from 'react';

type Handlers = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const typingIn = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.getAttribute('role') === 'combobox');

// Enter on a focused button or link belongs to that button, unless the button says that it passes Enter on.
const pressed = (event: KeyboardEvent) =>
  event.key === 'Enter' &&
  event.target instanceof HTMLElement &&
  event.target.closest('button, a, summary') !== null &&
  event.target.closest('[data-enter-through]') === null;

const overlayOpen = () => document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;

/** Single keys ("j", "?", "/") and two-key sequences ("g t"). Silent while someone types or a dialog is open. */
export function useShortcuts(handlers: Handlers, enabled = true): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    if (!enabled) return;
    let first: { key: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (
        event.metaKey ||
        event.ctrlKey ||
        event.altKey ||
        event.defaultPrevented ||
        typingIn(event.target) ||
        pressed(event) ||
        overlayOpen()
      )
        return;
      const sequence = first !== null && event.timeStamp - first.at < 900 ? `${first.key} ${event.key}` : null;
      const known = current.current;
      const name = sequence !== null && known[sequence] !== undefined ? sequence : event.key;
      first = null;
      const handler = known[name];
      if (handler !== undefined) {
        event.preventDefault();
        handler(event);
      } else if (Object.keys(known).some((key) => key.startsWith(`${event.key} `))) {
        first = { key: event.key, at: event.timeStamp };
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [enabled]);
}
