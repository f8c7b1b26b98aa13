import {createContext} from 'preact';

import type {NewsDesk} from './news.ts';
import type {ShowSession} from './session.ts';

export const Session = createContext<ShowSession>(undefined as never);
export const Desk = createContext<NewsDesk>(undefined as never);
