// The least that decides the mix of `bench permit`: written for these facts and these few laws alone, with no product code.

export type MixEvent = {
  readonly type: string;
  readonly at: string;
  readonly direction?: string;
  readonly channel?: string;
  readonly outcome?: string;
  readonly debtIds?: readonly string[];
  readonly addressKey?: string;
  readonly automatic?: boolean;
};
export type MixCase = {
  readonly at: string;
  readonly channel: 'call' | 'email' | 'sms' | 'letter';
  readonly debtId: string;
  readonly addressKey: string;
  readonly business: boolean;
  readonly place: 'elsewhere' | 'new-york-city' | 'massachusetts';
  readonly zones: readonly string[];
  readonly events: readonly MixEvent[];
};
export type MixAnswer = { readonly decision: 'allow' | 'deny' | 'defer'; readonly opens: string | null };

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const publicHolidays = new Set(['2027-01-01', '2027-01-18', '2027-02-15', '2027-05-31']);

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

// The clocks of the mix change at whole hours.
function offsetOf(ms: number, zone: string): number {
  let known = offsets.get(zone);
  if (known === undefined) {
    known = new Map();
    offsets.set(zone, known);
  }
  const hour = Math.floor(ms / hourMs);
  let offset = known.get(hour);
  if (offset === undefined) {
    let shown = formatters.get(zone);
    if (shown === undefined) {
      shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      formatters.set(zone, shown);
    }
    offset = Date.parse(`${shown.format(hour * hourMs).replace(' ', 'T')}Z`) - hour * hourMs;
    known.set(hour, offset);
  }
  return offset;
}

const dayOf = (ms: number, zone: string) => Math.floor((ms + offsetOf(ms, zone)) / dayMs);
const instantAt = (day: number, minutes: number, zone: string) => {
  const wall = day * dayMs + minutes * 60_000;
  const guess = wall - offsetOf(wall - dayMs, zone);
  return wall - offsetOf(guess, zone);
};

type Opening = number | 'never' | null;

/** 8 a.m. to 9 p.m. every day for consumers; 8 a.m. to 6 p.m. on working days for businesses; in every zone. */
function hours(one: MixCase, at: number): Opening {
  if (one.channel === 'letter') return null;
  const closes = one.business ? 18 * 60 : 21 * 60;
  let latest: number | null = null;
  for (const zone of one.zones) {
    let day = dayOf(at, zone);
    const minutes = Math.floor((at + offsetOf(at, zone) - day * dayMs) / 60_000);
    const shut = (which: number) =>
      one.business &&
      (new Date(which * dayMs).getUTCDay() % 6 === 0 ||
        publicHolidays.has(new Date(which * dayMs).toISOString().slice(0, 10)));
    if (!shut(day) && minutes >= 8 * 60 && minutes < closes) continue;
    if (minutes >= 8 * 60) day += 1;
    while (shut(day)) day += 1;
    latest = Math.max(latest ?? 0, instantAt(day, 8 * 60, zone));
  }
  return latest;
}

/** The first day on which fewer than `limit` of the instants lie in the window, in every zone. */
function cap(one: MixCase, at: number, instants: readonly number[], limit: number, days: number): Opening {
  let latest: number | null = null;
  for (const zone of one.zones) {
    const counted = instants.map((ms) => dayOf(ms, zone));
    const fits = (day: number) => counted.filter((c) => c > day - days && c <= day).length < limit;
    let day = dayOf(at, zone);
    if (fits(day)) continue;
    while (!fits(day)) day += 1;
    latest = Math.max(latest ?? 0, instantAt(day, 0, zone));
  }
  return latest;
}

function coolDown(one: MixCase, at: number, instants: readonly number[], days: number): Opening {
  let latest: number | null = null;
  for (const zone of one.zones) {
    if (instants.length === 0) continue;
    const opens = Math.max(...instants.map((ms) => dayOf(ms, zone))) + days;
    if (dayOf(at, zone) >= opens) continue;
    latest = Math.max(latest ?? 0, instantAt(opens, 0, zone));
  }
  return latest;
}

const reaches = new Set([
  'no_answer',
  'voicemail_left',
  'voicemail_lcm',
  'voicemail_not_left',
  'answered_dropped',
  'conversation',
]);

/** What stands in the way at an instant: the latest opening, `never`, or nothing. */
function blocked(one: MixCase, at: number): Opening {
  const calls: number[] = [];
  const ma: number[] = [];
  const city: number[] = [];
  const mails: number[] = [];
  const burst: number[] = [];
  const talks: number[] = [];
  const today = dayOf(at, one.zones[0] ?? 'UTC');
  let writtenFrom = false;
  let mayMail = false;
  let mayText = false;
  let textedAtAll = false;
  let checked = false;
  for (const event of one.events) {
    const ms = Date.parse(event.at);
    if (ms > at) continue;
    const mine = event.debtIds === undefined || event.debtIds.includes(one.debtId);
    const here = event.addressKey === undefined || event.addressKey === one.addressKey;
    const recent = () => dayOf(ms, one.zones[0] ?? 'UTC') >= today - 60;
    switch (event.type) {
      case 'opt_out':
        if (here && (event.channel === undefined || event.channel === one.channel)) return 'never';
        break;
      case 'cease':
        return 'never';
      case 'attorney_notice':
      case 'dispute':
        if (mine && !one.business) return 'never';
        break;
      case 'email_consent':
        if (here) mayMail = true;
        break;
      case 'text_consent':
        if (here) {
          textedAtAll = true;
          if (recent()) mayText = true;
        }
        break;
      case 'reassigned_number_check':
        if (here && recent()) checked = true;
        break;
      case 'conversation':
        if (mine || one.business) talks.push(ms);
        break;
      case 'contact':
        if (event.direction === 'in') {
          // What the consumer wrote counts for the debt it was about: 12 CFR 1006.6(d)(4)(i)(A), (5)(i).
          if (!here || !mine) break;
          if (event.channel === 'email') writtenFrom = true;
          if (event.channel === 'sms') {
            textedAtAll = true;
            if (recent()) mayText = true;
          }
          break;
        }
        if (event.channel === 'email' && event.automatic) mails.push(ms);
        if (event.channel === 'email' && event.addressKey === one.addressKey) burst.push(ms);
        if (!mine) break;
        if (event.channel === 'call') {
          if (reaches.has(event.outcome ?? '')) calls.push(ms);
          if (event.outcome !== 'no_answer' && reaches.has(event.outcome ?? '')) ma.push(ms);
        }
        if (event.channel === 'sms') ma.push(ms);
        if (event.channel !== 'letter') city.push(ms);
    }
  }
  if (one.business)
    return latestOf([
      hours(one, at),
      cap(one, at, mails, 1, 1),
      cap(one, at, mails, 3, 7),
      cap(one, at, burst, 5, 1),
      coolDown(one, at, talks, 1),
    ]);
  // New York wants the consent itself.
  if (one.channel === 'email' && !mayMail && (!writtenFrom || one.place === 'new-york-city')) return 'never';
  if (one.channel === 'sms' && !mayText && !(textedAtAll && checked)) return 'never';
  const openings = [hours(one, at)];
  if (one.channel === 'call') openings.push(cap(one, at, calls, 7, 7), coolDown(one, at, talks, 7));
  if (one.place === 'massachusetts' && (one.channel === 'call' || one.channel === 'sms'))
    openings.push(cap(one, at, ma, 2, 7));
  if (one.place === 'new-york-city' && one.channel !== 'letter') openings.push(cap(one, at, city, 3, 7));
  return latestOf(openings);
}

function latestOf(openings: readonly Opening[]): Opening {
  let latest: number | null = null;
  for (const one of openings) {
    if (one === 'never') return 'never';
    if (one !== null) latest = Math.max(latest ?? 0, one);
  }
  return latest;
}

export function decideMix(one: MixCase): MixAnswer {
  const first = blocked(one, Date.parse(one.at));
  if (first === null) return { decision: 'allow', opens: null };
  if (first === 'never') return { decision: 'deny', opens: null };
  let at = first;
  for (;;) {
    const next = blocked(one, at);
    if (next === null) return { decision: 'defer', opens: new Date(at).toISOString() };
    if (next === 'never') return { decision: 'deny', opens: null };
    at = next;
  }
}
