-- Says what items and facts add to the sums of kernel.tallies. The room's four statements on items and two on facts add the differences
-- themselves, as sets.
-- Breaks running code: yes, until every process runs this release: older ones change items without adding to the sums; rebuild them
-- afterwards (`dunwell tallies`).
set local lock_timeout = '5s';

-- Of `n` items alike but for amounts of one sign, which are summed. 'item_moved' is not here: it follows from transfers.
create function accounts.item_tallies(of_client uuid, in_currency text, issued_on date, due_on date, amount_minor bigint, open_minor bigint, items bigint)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql immutable parallel safe
  as $$
    select v.measure, of_client, in_currency, v.day, v.slot, items, v.minor
    from (values
      ('item_open', due_on, '-infinity'::timestamptz, open_minor, open_minor > 0),
      ('item_credit', due_on, '-infinity'::timestamptz, -open_minor, open_minor < 0),
      ('item_issued', '-infinity'::date, kernel.day_slot(issued_on), amount_minor, true)) as v (measure, day, slot, minor, counts)
    where v.counts
  $$;

-- Of `n` accounts alike: with this day as the oldest open one, and whether something is owed that nobody can be reached about.
create function accounts.fact_tallies(of_client uuid, in_currency text, oldest_open_due_on date, unreachable boolean, accounts bigint)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql immutable parallel safe
  as $$
    select v.measure, of_client, in_currency, v.day, '-infinity'::timestamptz, accounts, 0::bigint
    from (values ('account_oldest', oldest_open_due_on, oldest_open_due_on is not null), ('account_unreachable', '-infinity'::date, unreachable))
      as v (measure, day, counts)
    where v.counts
  $$;
