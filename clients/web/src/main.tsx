import {render} from 'preact';

import {useStore} from './lib/hooks.ts';
import {route} from './lib/route.ts';
import {startTheme} from './lib/theme.ts';
import {ShowPage} from './show/show_page.tsx';
import {StartPage} from './start/start_page.tsx';

function App() {
  const where = useStore(route.subscribe, route.get);
  return where.page === 'start' ? <StartPage /> : <ShowPage key={where.id} route={where} />;
}

startTheme();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
