/// The one stream of this tab.
import { refusal } from './calls';
import { begin, lose, stayOut, takers } from './store';

const againMs = 1000;
const refusedAgainMs = 10_000;

/// Follows the node for as long as the page is there. A browser comes back by itself after a
/// connection has ended, but not after an answer that was no stream: then a new one is begun.
export function follow(): void {
  const source = new EventSource('/v1/dashboard');
  source.onopen = begin;
  source.onerror = () => {
    lose(Date.now());
    if (source.readyState === EventSource.CLOSED) void tryAgain();
  };
  for (const [name, take] of Object.entries(takers))
    source.addEventListener(name, (event) => take(JSON.parse(event.data) as never, Date.now()));
}

/// A stream does not tell why it was refused: something else is asked for.
async function tryAgain(): Promise<void> {
  const why = await refusal();
  if (why !== '') stayOut(why);
  setTimeout(follow, why === '' ? againMs : refusedAgainMs);
}
