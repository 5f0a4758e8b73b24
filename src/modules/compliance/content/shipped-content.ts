import eu from '../packs/content-eu.json' with { type: 'json' };
import house from '../packs/content-house.json' with { type: 'json' };
import uk from '../packs/content-uk.json' with { type: 'json' };
import us from '../packs/content-us.json' with { type: 'json' };
import { combinePacks, type ContentPack, parseContentPack } from './content-pack.ts';

/** The rules about wording that come with the program. Throws at load when one does not parse or holds twice at a time. */
export const shippedContentPacks: readonly ContentPack[] = combinePacks([house, us, uk, eu].map(parseContentPack));

/** Which text of the rules judged: kept with what they said. */
export const contentVersions = shippedContentPacks.map(({ key, version }) => ({ key, version }));
