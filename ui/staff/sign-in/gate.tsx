import './sign-in.css';
import type { ReactNode } from 'react';
import { Icon, Mark } from '../../kit/icons.tsx';

/** The page before the application: what Dunwell stands for on one side, the form on the other. */
export function Gate({ children }: { readonly children: ReactNode }) {
  return (
    <div className="gate">
      <aside className="gate-side" aria-label="About Dunwell">
        <div className="brand">
          <Mark size={32} />
          <strong>Dunwell</strong>
        </div>
        <blockquote>Collect what is owed, and be able to show why every step was right.</blockquote>
        <ul>
          <li>
            <Icon name="lock" /> No contact without a permit, judged the moment it starts
          </li>
          <li>
            <Icon name="undo" /> Money received stops what was planned before it
          </li>
          <li>
            <Icon name="audit" /> Every action and every silence explains itself
          </li>
        </ul>
      </aside>
      <main className="gate-main" id="main">
        {children}
      </main>
    </div>
  );
}
