import { Drawer } from '@mantine/core';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { chooseTenant, chosenTenant, onSignedOut } from '../../kit/api.ts';
import { Icon, Mark } from '../../kit/icons.tsx';
import { ProblemError } from '../../kit/problem.ts';
import { useRead } from '../../kit/queries.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { TenantProvider } from '../../kit/tenant.tsx';
import { KeyHelp } from './key-help.tsx';
import { MeMenu } from './me-menu.tsx';
import { places } from './navigation.ts';
import { openPalette, Palette } from './palette.tsx';
import { SandboxBanner } from './sandbox-banner.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { roleNames, type Session, SessionContext, useMay, useSession } from './session.tsx';

/** Everything around a page for someone who is signed in; for someone who is not, the way to the sign-in. */
export function Shell() {
  const navigate = useNavigate();
  const location = useLocation();
  const session = useRead('getSession', {}, { staleTime: 60_000 });
  const signedOut = session.error instanceof ProblemError && session.error.status === 401;
  // A session that ends under somebody's hands is renewed above the page, so that nothing typed is lost.
  const known = session.data !== undefined;
  const ended = known && signedOut;
  useKeptOpen(ended);
  const { refetch } = session;
  useEffect(() => onSignedOut(() => void refetch()), [refetch]);
  useEffect(() => {
    // The address changes before this page is gone; asking again then would nest the way back into itself.
    if (!signedOut || known || location.pathname === '/sign-in') return;
    // A tenant remembered from another account would be refused for ever.
    chooseTenant(null);
    void navigate({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href }, replace: true });
  }, [signedOut, known, navigate, location.href, location.pathname]);
  if (session.data !== undefined)
    return (
      <>
        <SignedIn session={session.data} />
        {ended && <SignInAgain session={session.data} />}
      </>
    );
  return (
    <div className="page" aria-busy={session.isPending}>
      {session.error !== null && !signedOut ? (
        <Problem
          error={session.error}
          retry={() => {
            if (chosenTenant() !== null) chooseTenant(null);
            void session.refetch();
          }}
        />
      ) : (
        <SkeletonLines rows={6} height={18} />
      )}
    </div>
  );
}

/**
 * While the sign-in stands above the page, Escape closes nothing underneath it. The shell is there before any panel is, so its
 * listener comes first.
 */
function useKeptOpen(keep: boolean): void {
  const keeping = useRef(keep);
  keeping.current = keep;
  useEffect(() => {
    const guard = (event: KeyboardEvent) => {
      if (keeping.current && event.key === 'Escape') event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', guard, true);
    return () => window.removeEventListener('keydown', guard, true);
  }, []);
}

function SignedIn({ session }: { readonly session: Session }) {
  const { tenant } = session;
  const value = useMemo(() => ({ ...tenant, at: tenant.now }), [tenant]);
  const navigate = useNavigate();
  const [keys, setKeys] = useState(false);
  useShortcuts({
    ...Object.fromEntries(places.map((place) => [`g ${place.key}`, () => void navigate({ to: place.to })])),
    '?': () => setKeys(true),
    '/': () => {
      const box = document.querySelector<HTMLInputElement>('input[data-search]');
      if (box === null) openPalette();
      else box.focus();
    },
  });
  return (
    <SessionContext value={session}>
      <TenantProvider tenant={value}>
        <a className="skip-link" href="#main">
          Skip to the page
        </a>
        <div className="shell" data-sandbox={tenant.kind === 'sandbox'}>
          <Sidebar showKeys={() => setKeys(true)} />
          <Topbar />
          <main className="main" id="main" tabIndex={-1}>
            {tenant.kind === 'sandbox' && <SandboxBanner />}
            <Outlet />
          </main>
          <TabBar showKeys={() => setKeys(true)} />
        </div>
        <Palette />
        {keys && <KeyHelp close={() => setKeys(false)} />}
      </TenantProvider>
    </SessionContext>
  );
}

function usePlaces() {
  const may = useMay();
  return places.filter((place) => place.permission === undefined || may(place.permission));
}

function Brand() {
  const { tenant } = useSession();
  return (
    <Link to="/" className="brand">
      <Mark />
      <span style={{ maxWidth: 'none' }}>
        <strong>Dunwell</strong>
        <span className="truncate">{tenant.name}</span>
      </span>
    </Link>
  );
}

function Sidebar({ showKeys }: { readonly showKeys: () => void }) {
  const session = useSession();
  const shown = usePlaces();
  const initials = session.user.name
    .split(/\s+/)
    .map((part) => part.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
  return (
    <aside className="sidebar no-print" aria-label="Dunwell">
      <Brand />
      <button type="button" className="search-button" onClick={openPalette}>
        <Icon name="search" size={14} /> Search <kbd>Ctrl K</kbd>
      </button>
      <nav className="nav" aria-label="Main">
        {shown.map((place) => (
          <span key={place.to} style={{ display: 'contents' }}>
            {place.to === '/payments' && <span className="nav-rule" aria-hidden="true" />}
            {place.to === '/audit' && <span className="nav-rule" aria-hidden="true" />}
            <Link to={place.to} activeOptions={{ exact: place.to === '/', includeSearch: false }}>
              <Icon name={place.icon} /> {place.label}
            </Link>
          </span>
        ))}
      </nav>
      <div className="sidebar-foot">
        <MeMenu showKeys={showKeys}>
          <button type="button" className="me">
            <span className="initials" aria-hidden="true">
              {initials}
            </span>
            <span className="grow">
              <b className="truncate">{session.user.name}</b>
              <small>{roleNames[session.role]}</small>
            </span>
          </button>
        </MeMenu>
      </div>
    </aside>
  );
}

function Topbar() {
  return (
    <aside className="topbar no-print" aria-label="Dunwell, narrow">
      <Brand />
      <button type="button" className="topbar-button" aria-label="Search" onClick={openPalette}>
        <Icon name="search" size={18} />
      </button>
    </aside>
  );
}

function TabBar({ showKeys }: { readonly showKeys: () => void }) {
  const session = useSession();
  const shown = usePlaces();
  const [more, setMore] = useState(false);
  return (
    <nav className="tabbar no-print" aria-label="Main, narrow">
      {shown
        .filter((place) => place.primary === true)
        .map((place) => (
          <Link key={place.to} to={place.to} activeOptions={{ exact: place.to === '/', includeSearch: false }}>
            <Icon name={place.icon} size={19} /> {place.label}
          </Link>
        ))}
      <button type="button" aria-expanded={more} onClick={() => setMore(true)}>
        <Icon name="more" size={19} /> More
      </button>
      <Drawer opened={more} onClose={() => setMore(false)} position="bottom" size="auto" title="More">
        <div className="nav">
          {shown
            .filter((place) => place.primary !== true)
            .map((place) => (
              <Link key={place.to} to={place.to} onClick={() => setMore(false)} style={{ height: 44 }}>
                <Icon name={place.icon} size={18} /> {place.label}
              </Link>
            ))}
          <MeMenu showKeys={showKeys}>
            <button type="button" className="nav-button" style={{ height: 44 }}>
              <Icon name="user" size={18} /> {session.user.name}
            </button>
          </MeMenu>
        </div>
      </Drawer>
    </nav>
  );
}
