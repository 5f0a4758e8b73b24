import { expect, it } from 'vitest';
import { hasCorporateForm } from './corporate-form.ts';

it.each([
  'Copper Motors LLC',
  'Sienna Freight Inc.',
  'Ebony Properties SAS',
  'Redwood Hardware Pty Ltd',
  'Thistle Landscaping L.L.C.',
  'Müller Maschinenbau GmbH & Co. KG',
  'Nordsee Fisch AG',
  'ACME LIMITED',
])('%s is a company', (name) => expect(hasCorporateForm(name)).toBe(true));

it.each([
  'Vale Hardware',
  'Smith & Sons',
  'Ada Quist trading as Quist Plumbing',
  'Linc Bakery',
  'AG Repairs',
  'Unlimited Flowers',
  'Müller OHG',
  '',
])('%s may be anybody', (name) => expect(hasCorporateForm(name)).toBe(false));
