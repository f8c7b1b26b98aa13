// Line icons on a grid of 24; they take the size and colour of the text around them.

const paths = {
  back: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  overview: 'M4 5h16v14H4zM4 10h16M10 10v9',
  sources: 'M4 6h16v10H4zM9 20h6M12 16v4',
  cameras: 'M3 7h11v10H3zM14 11l7-4v10l-7-4',
  crew: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.9c2 .7 3.2 2.5 3.5 5.1',
  cues: 'M4 6h10M4 12h16M4 18h7M17 3v6M14.5 6.5L17 9l2.5-2.5',
  history: 'M4 5v5h5M4.5 10a8 8 0 1 1-.4 4M12 8v4.5l3 1.8',
  diff: 'M8 4v12M5 13l3 3 3-3M16 20V8M13 11l3-3 3 3',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  top: 'M5 4h14M12 20V9M7 13l5-5 5 5',
  bottom: 'M5 20h14M12 4v11M7 11l5 5 5-5',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  trash: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5',
  expand: 'M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7',
  undo: 'M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20.5c.8-4 3.7-6 8-6s7.2 2 8 6',
  play: 'M7 4.5v15l12-7.5z',
  pause: 'M8 5v14M16 5v14',
  restore: 'M12 4v11M7 10l5 5 5-5M4 20h16',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8 3v5M16 3v5',
  pin: 'M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  warn: 'M12 4L2.5 20h19zM12 10v4.5M12 17.2h.01',
  offline: 'M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4.5-2.6M14.5 9.4A10 10 0 0 1 19 12M12 19.5h.01',
} as const;

export type IconName = keyof typeof paths;

export function Icon({name}: {name: IconName}) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={paths[name]} /></svg>;
}
