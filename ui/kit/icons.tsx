import type { ReactNode } from 'react';

// Sixteen-pixel line icons drawn for this application: one stroke weight, no dependency.
const paths = {
  today: <path d="M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM8 5v3l2 1.5" />,
  accounts: <path d="M2.5 3.5h11v9h-11zM2.5 6.5h11M5 9.5h3" />,
  worklist: <path d="M2.5 4h2M2.5 8h2M2.5 12h2M6.5 4h7M6.5 8h7M6.5 12h4.5" />,
  outbox: <path d="M2.5 4.5h11v8h-11zM2.5 5l5.5 4 5.5-4" />,
  payments: (
    <path d="M8 2.5v11M11 4.8c-.6-.8-1.700-1.300-3-1.300-1.700 0-2.900.900-2.900 2.200 0 3 6 1.500 6 4.500 0 1.400-1.300 2.300-3.100 2.300-1.500 0-2.700-.600-3.300-1.600" />
  ),
  import: <path d="M8 2.500v7.500M5 7.300l3 3 3-3M2.500 11v2.500h11V11" />,
  audit: <path d="M8 2.200 3 4v4c0 3 2.200 5 5 5.900 2.800-.900 5-2.900 5-5.900V4zM5.800 8l1.600 1.600 2.900-3.100" />,
  settings: <path d="M2.500 4.500h6M11.500 4.500h2M2.500 11.500h2M7.500 11.500h6M10 3v3M6 10v3" />,
  search: <path d="M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9ZM10.300 10.300l3.200 3.200" />,
  more: <path d="M3.500 8h.010M8 8h.010M12.500 8h.010" strokeWidth="2" />,
  call: (
    <path d="M3 3.200 5.400 2.500 6.900 5.700 5.300 7c.800 1.700 2 2.900 3.700 3.700l1.300-1.600 3.200 1.500-.700 2.400c-5.400.500-10.300-4.400-9.800-9.800Z" />
  ),
  promise: <path d="M3 8.500 6.300 12 13 4" />,
  hold: <path d="M6 3.500v9M10 3.500v9" />,
  note: <path d="M3 2.500h10v7l-3.500 4H3zM9.500 13.500v-4H13" />,
  send: <path d="M2.500 7.500 13.500 2.500 9.500 13.500 7.500 9zM7.500 9l3-3.500" />,
  check: <path d="m3 8.500 3 3 7-7" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  chevron: <path d="m6 3.500 4.500 4.500L6 12.500" />,
  down: <path d="m3.500 6 4.500 4.500L12.500 6" />,
  up: <path d="m3.500 10 4.500-4.500 4.500 4.500" />,
  sun: (
    <path d="M8 5.300a2.700 2.700 0 1 0 0 5.400 2.700 2.700 0 0 0 0-5.400ZM8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.900.900M11.700 11.700l.900.900M12.600 3.400l-.900.900M4.300 11.700l-.900.900" />
  ),
  moon: <path d="M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500Z" />,
  clock: <path d="M2.500 8a5.500 5.500 0 1 0 11 0 5.500 5.500 0 0 0-11 0ZM8 5v3l2 1.500" />,
  warn: <path d="M8 2.500 14 13H2zM8 6.500v3M8 11.300v.010" />,
  info: <path d="M2.500 8a5.500 5.500 0 1 0 11 0 5.500 5.500 0 0 0-11 0ZM8 7.300v3.500M8 5.200v.010" />,
  lock: <path d="M4 7.500h8v6H4zM5.500 7.500V5.300a2.500 2.500 0 0 1 5 0v2.200" />,
  download: <path d="M8 2.500v7.500M5 7.300l3 3 3-3M3 13.500h10" />,
  print: <path d="M4.500 6V2.500h7V6M4.500 11.500h-2V6h11v5.500h-2M4.500 9.500h7v4h-7z" />,
  plus: <path d="M8 3v10M3 8h10" />,
  user: (
    <path d="M8 2.500a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600ZM2.800 13.500c.600-2.500 2.600-3.800 5.200-3.800s4.600 1.300 5.200 3.800" />
  ),
  in: <path d="M13 3 4 12M4 6v6h6" />,
  out: <path d="M3 13 12 4M12 10V4H6" />,
  undo: <path d="M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6M3 6.500l3-3M3 6.500l3 3" />,
  simulations: <path d="M2.500 13.500v-11M2.500 13.500h11M4.500 10.500l2.800-3.500 2.400 2 3.300-5" />,
  segments: <path d="M2.500 3.500h11l-4.200 5v4.500l-2.600-1.500v-3z" />,
  experiment: (
    <path d="M6 1.500h4M7 1.500v4.500L3 13a.900.900 0 0 0 .800 1.500h8.400A.900.900 0 0 0 13 13L9 6V1.500M5 9.500h6" />
  ),
  file: <path d="M4 1.500h5l3.500 3.500v9.500H4zM9 1.500V5h3.500" />,
  strategies: <path d="M2.500 13.500V11h3.500V8h3.500V5h4M11.500 2.500 14 5l-2.500 2.500" />,
  grip: <path d="M6 4h.010M10 4h.010M6 8h.010M10 8h.010M6 12h.010M10 12h.010" strokeWidth="2" />,
  branch: <path d="M4.500 2.500v11M4.500 9c5 0 7-1.500 7-5M9.500 5l2-2 2 2" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof paths;

/** A decorative icon; whoever needs it read aloud puts the words beside it. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {paths[name]}
    </svg>
  );
}

/** The house mark. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0f4f45" />
      <path
        d="M8 8.500h6.400a7.500 7.500 0 0 1 0 15H8z"
        fill="none"
        stroke="#f4f1e8"
        strokeWidth="2.600"
        strokeLinejoin="round"
      />
      <path d="M25 8.500v15" stroke="#d9b25f" strokeWidth="2.600" strokeLinecap="round" />
    </svg>
  );
}
