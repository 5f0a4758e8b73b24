-- Lets a party be linked to those who act for it in law: the representative of an estate, a parent or guardian.
-- Breaks running code: no (two more values are allowed).
set local lock_timeout = '5s';

alter table parties.party_links drop constraint party_links_role_check;
alter table parties.party_links add constraint party_links_role_check check (role in (
  'guarantor', 'co_signer', 'spouse', 'attorney', 'parent_company', 'contact_person', 'personal_representative', 'guardian'));
