// Codes of the API as words for people. A code we do not know is still shown, with its underscores as spaces.
const known: Readonly<Record<string, string>> = {
  pre_due: 'Before due',
  early: 'Early',
  mid: 'Mid',
  late: 'Late',
  legal: 'Legal',
  not_due: 'Not due',
  '1_30': '1–30 days',
  '31_60': '31–60 days',
  '61_90': '61–90 days',
  '90_plus': 'Over 90 days',
  active: 'Active',
  settled: 'Settled',
  on_hold: 'On hold',
  placed: 'Placed',
  written_off: 'Written off',
  closed: 'Closed',
  email: 'E-mail',
  call_task: 'Call task',
  call_back: 'Call back',
  smtp: 'SMTP',
  part_kept: 'Partly kept',
  handed_over: 'Handed over',
  bank_transfer: 'Bank transfer',
  direct_debit: 'Direct debit',
  no_answer: 'No answer',
  voicemail_left: 'Voicemail left',
  voicemail_not_left: 'Voicemail, none left',
  wrong_number: 'Wrong number',
  not_in_service: 'Not in service',
  third_party: 'Someone else answered',
  stop_automatic: 'No automatic contact',
  stop_contact: 'No contact at all',
  stop_interest: 'No interest',
  stop_fees: 'No fees',
  stop_legal: 'No legal step',
  credit_note: 'Credit note',
  loan_balance: 'Loan balance',
  own_entity: 'Own entity',
  agency_customer: 'Agency customer',
  portfolio_owner: 'Portfolio owner',
  oldest_first: 'Oldest first',
  co_signer: 'Co-signer',
  parent_of_minor: 'Parent of a minor',
  parent_company: 'Parent company',
  contact_person: 'Contact person',
  needs_confirmation: 'Needs confirmation',
};

/** 'bank_transfer' is "Bank transfer". */
export function words(code: string): string {
  const found = known[code];
  if (found !== undefined) return found;
  const spaced = code.replaceAll(/[_.]/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
