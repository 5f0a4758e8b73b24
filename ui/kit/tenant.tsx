import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { clock, count, type MoneyShape, dateIn, day, instant, moneyFigure, relativeDays } from './format.ts';

/** What every figure on a page depends on: the tenant's locale, zone, currency and clock. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly kind: 'live' | 'sandbox';
  readonly locale: string;
  readonly timeZone: string;
  readonly currency: string;
  /** The tenant's clock when the page was loaded (virtual in a sandbox). */
  readonly at: string;
}

const TenantContext = createContext<Tenant | null>(null);

export function TenantProvider({ tenant, children }: { readonly tenant: Tenant; readonly children: ReactNode }) {
  return <TenantContext value={tenant}>{children}</TenantContext>;
}

export function useTenant(): Tenant {
  const tenant = useContext(TenantContext);
  if (tenant === null) throw new Error('useTenant needs a TenantProvider above it.');
  return tenant;
}

/** Formatting bound to the tenant, and the tenant's own today. */
export function useFormat() {
  const tenant = useTenant();
  return useMemo(() => {
    const { locale, timeZone, at } = tenant;
    const today = dateIn(timeZone, at);
    return {
      today,
      count: (value: number | bigint) => count(locale, value),
      day: (date: string, form?: 'short' | 'long' | 'tiny') => day(locale, date, form),
      instant: (when: string, form?: 'full' | 'time' | 'day' | 'exact') => instant(locale, timeZone, when, form),
      clock: (time: string) => clock(locale, time),
      dateOf: (when: string) => dateIn(timeZone, when),
      figure: (minor: string | bigint, currency: string, shape?: MoneyShape) =>
        moneyFigure(locale, minor, currency, shape),
      relative: (date: string) => relativeDays(locale, today, date),
      locale,
      timeZone,
    };
  }, [tenant]);
}
