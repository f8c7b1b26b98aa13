import {useContext} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {Avatar} from '../ui/avatar.tsx';
import {Desk} from './context.ts';
import type {NewsDesk, News, Notice} from './news.ts';

export function Toasts() {
  const desk = useContext(Desk);
  const news = useStore(desk.news.subscribe, desk.news.get);
  const notices = useStore(desk.notices.subscribe, desk.notices.get);
  return (
    <div class="toasts" onPointerEnter={() => desk.hold()} onPointerLeave={() => desk.letGo()}
      onFocusIn={() => desk.hold()} onFocusOut={() => desk.letGo()}>
      <ul class="toast-list" role="status" aria-live="polite" aria-label="What others did">
        {news.map((each) => <Toast key={each.id} news={each} desk={desk} />)}
      </ul>
      {notices.length > 0 && <Notices notices={notices} desk={desk} />}
    </div>
  );
}

function Toast({news, desk}: {news: News; desk: NewsDesk}) {
  return (
    <li class="toast">
      {news.who && <Avatar who={news.who} small />}
      <span class="toast-text">{news.who && <b><bdi>{news.who.name}</bdi> </b>}<bdi>{news.text}</bdi></span>
      {news.actions.map((action) => (
        <button key={action.label} type="button" class="button small quiet" onClick={() => { desk.dismiss(news.id); action.act(); }}>{action.label}</button>
      ))}
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => desk.dismiss(news.id)}><Icon name="close" /></button>
    </li>
  );
}

// One edit of mine that did not stand, with both values. The others wait behind it.
function Notices({notices, desk}: {notices: readonly Notice[]; desk: NewsDesk}) {
  const [notice] = notices;
  if (notice === undefined) return null;
  const settle = (act?: () => void) => () => { desk.settle(notice.id); act?.(); };
  return (
    <section class="notice" role="alert" aria-label="Two edits of one thing">
      <header><Icon name="warn" /><b>{notice.title}</b>
        {notices.length > 1 && <span class="faint number">1 of {notices.length}</span>}</header>
      <dl class="both">
        <div><dt>Yours</dt><dd><bdi>{notice.mine}</bdi></dd></div>
        <div><dt><bdi>{notice.theirName}</bdi></dt><dd><bdi>{notice.theirs}</bdi></dd></div>
      </dl>
      <footer>
        <button type="button" class="button small primary" onClick={settle(notice.act.act)}>{notice.act.label}</button>
        <button type="button" class="button small" onClick={settle()}>{notice.leave}</button>
        {notice.link !== undefined && <a class="button small quiet" href={notice.link}>View differences</a>}
      </footer>
    </section>
  );
}
