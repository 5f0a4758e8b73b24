import { asText } from './vector.ts';

/** How a call is placed, in the rules' words. A voice that is no living person's is a recorded one; so is a message dropped without a ring. */
export function dialModeOf(said: unknown): 'manual' | 'auto' | 'prerecorded' {
  const words = asText(said);
  if (/record|artificial|(^|_)ai(_|$)|ringless|robo|voice_broadcast|synthetic/.test(words)) return 'prerecorded';
  if (/^auto(_?dial\w*)?$|atds|predictive|power/.test(words)) return 'auto';
  // A call of which it is not said that a person dialled it is a machine's, and a machine that is not a dialler speaks itself.
  return words === '' || /manual|hand|click|preview|live|human/.test(words) ? 'manual' : 'prerecorded';
}
