import {PastPage} from './past_page.tsx';
import {Player} from './player.tsx';

export function HistoryPage({query}: {query: URLSearchParams}) {
  return (
    <PastPage name="history" title="History">
      {(loaded) => <Player key={loaded.timeline.newest} loaded={loaded} wanted={Number(query.get('v')) || undefined} />}
    </PastPage>
  );
}
