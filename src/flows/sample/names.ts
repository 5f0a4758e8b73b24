/** Word lists for generated businesses. All mail goes to `.example`, a domain that can never receive any (RFC 2606). */
export const firstWords = [
  'Alder', 'Amber', 'Arbour', 'Aster', 'Atlas', 'Bayview', 'Beacon', 'Birch', 'Blackwater', 'Bluebell', 'Bramble', 'Bridgeway', 'Brook', 'Cairn', 'Calder', 'Cedar',
  'Chestnut', 'Clearwater', 'Clover', 'Copper', 'Coral', 'Crescent', 'Dale', 'Dawn', 'Delta', 'Dove', 'Eastgate', 'Ebony', 'Elm', 'Ember', 'Falcon', 'Fern', 'Fieldstone',
  'Flint', 'Foxglove', 'Garnet', 'Glen', 'Granite', 'Greenfield', 'Harbour', 'Hawthorn', 'Hazel', 'Heron', 'Highland', 'Hollow', 'Indigo', 'Ironwood', 'Ivy', 'Jasper', 'Juniper',
  'Kestrel', 'Kingfisher', 'Lakeside', 'Larch', 'Laurel', 'Lime', 'Linden', 'Lotus', 'Magnolia', 'Maple', 'Marble', 'Meadow', 'Mercer', 'Mill', 'Mistral', 'Moor', 'Moss', 'Nettle',
  'Northwind', 'Oak', 'Olive', 'Onyx', 'Opal', 'Orchard', 'Osprey', 'Pebble', 'Pine', 'Poplar', 'Quarry', 'Quill', 'Raven', 'Redwood', 'Ridge', 'Robin', 'Rowan', 'Saffron', 'Sage',
  'Sandstone', 'Sequoia', 'Sienna', 'Silver', 'Slate', 'Sparrow', 'Spruce', 'Stone', 'Summit', 'Swift', 'Sycamore', 'Tamarind', 'Teal', 'Thistle', 'Timber', 'Umber', 'Vale', 'Verdant',
  'Walnut', 'Westbrook', 'Wharf', 'Willow', 'Windmill', 'Wren', 'Yarrow', 'Zephyr',
] as const;
export const trades = [
  'Bakery', 'Brewing', 'Catering', 'Ceramics', 'Construction', 'Dental', 'Design', 'Electrical', 'Engineering', 'Events', 'Fabrics', 'Farms', 'Fisheries', 'Fitness', 'Flooring', 'Foods',
  'Freight', 'Furniture', 'Gardens', 'Glass', 'Hardware', 'Hospitality', 'Interiors', 'Joinery', 'Laboratories', 'Landscaping', 'Logistics', 'Marine', 'Media', 'Metalworks', 'Motors',
  'Optics', 'Packaging', 'Paints', 'Paper', 'Pharmacy', 'Plastics', 'Plumbing', 'Press', 'Printing', 'Properties', 'Publishing', 'Roofing', 'Security', 'Software', 'Solar', 'Studios',
  'Supplies', 'Systems', 'Textiles', 'Tiling', 'Timber', 'Tooling', 'Transport', 'Veterinary', 'Wines', 'Workshops',
] as const;

export type Place = {
  readonly country: string; readonly region: string; readonly city: string; readonly postcode: string; readonly timeZone: string; readonly language: string;
  readonly legalForms: readonly string[]; readonly dialling: string; readonly weight: number;
};

/** Places whose area and calling code agree with their zone, so that zone signals do not contradict each other. */
export const places: readonly Place[] = [
  { country: 'US', region: 'NY', city: 'Albany', postcode: '12207', timeZone: 'America/New_York', language: 'en', legalForms: ['Inc.', 'LLC', 'Co.'], dialling: '+1518555', weight: 14 },
  { country: 'US', region: 'IL', city: 'Springfield', postcode: '62701', timeZone: 'America/Chicago', language: 'en', legalForms: ['Inc.', 'LLC', 'Corp.'], dialling: '+1217555', weight: 12 },
  { country: 'US', region: 'CO', city: 'Boulder', postcode: '80302', timeZone: 'America/Denver', language: 'en', legalForms: ['LLC', 'Inc.'], dialling: '+1303555', weight: 7 },
  { country: 'US', region: 'CA', city: 'Fresno', postcode: '93721', timeZone: 'America/Los_Angeles', language: 'en', legalForms: ['Inc.', 'LLC'], dialling: '+1559555', weight: 14 },
  { country: 'US', region: 'TX', city: 'Waco', postcode: '76701', timeZone: 'America/Chicago', language: 'en', legalForms: ['LLC', 'LP'], dialling: '+1254555', weight: 9 },
  { country: 'GB', region: 'ENG', city: 'Leeds', postcode: 'LS1 4AP', timeZone: 'Europe/London', language: 'en', legalForms: ['Ltd', 'LLP'], dialling: '+44113496', weight: 14 },
  { country: 'DE', region: 'BE', city: 'Berlin', postcode: '10115', timeZone: 'Europe/Berlin', language: 'de', legalForms: ['GmbH', 'KG', 'AG'], dialling: '+4930555', weight: 10 },
  { country: 'FR', region: '69', city: 'Lyon', postcode: '69001', timeZone: 'Europe/Paris', language: 'fr', legalForms: ['SARL', 'SAS'], dialling: '+33472555', weight: 6 },
  { country: 'CA', region: 'ON', city: 'Kingston', postcode: 'K7L 1A1', timeZone: 'America/Toronto', language: 'en', legalForms: ['Inc.', 'Ltd.'], dialling: '+1613555', weight: 8 },
  { country: 'AU', region: 'NSW', city: 'Newcastle', postcode: '2300', timeZone: 'Australia/Sydney', language: 'en', legalForms: ['Pty Ltd'], dialling: '+6124955', weight: 6 },
];

export const givenNames = ['Alex', 'Amara', 'Ana', 'Ben', 'Carla', 'Chen', 'Dana', 'Elif', 'Emma', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kofi', 'Lara', 'Leo', 'Maya', 'Mikael', 'Nadia', 'Omar', 'Priya', 'Rosa', 'Sam', 'Sofia', 'Tariq', 'Tomas', 'Vera', 'Wei', 'Yuki'] as const;
export const streets = ['Mill Road', 'Station Street', 'High Street', 'Market Square', 'Harbour Lane', 'Park Avenue', 'Church Row', 'Industrial Way', 'Canal Side', 'Orchard Drive'] as const;
export const goods = ['Monthly supply', 'Service agreement', 'Spare parts', 'Installation', 'Consulting days', 'Seasonal order', 'Maintenance visit', 'Project milestone', 'Licence renewal', 'Freight and handling'] as const;
