import { asText } from './vector.ts';

/** How a call is placed, in the rules' words. A voice that is no living person's is a recorded one; so is a message dropped without a ring. */
export function dialModeOf(said: unknown): 'manual' | 'auto' | 'prerecorded' {
  const words = asText(said);
  if (/record|artificial|(^|_)ai(_|$)|ringless|robo|voice_broadcast|synthetic/.test(words)) return 'prerecorded';
  return /auto|atds|predictive/.test(words) ? 'auto' : 'manual';
}
