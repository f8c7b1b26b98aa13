// Between the values of fields and what people type.
import {dateText, shortDate} from '../lib/format.ts';
import type {Field, Scalar} from '@segue/client';

export type Parsed = {readonly value: Scalar} | {readonly problem: string};

const dateShape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/;

export function draftOf(field: Field, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (field.kind === 'date') return typeof value === 'string' && field.time && value.length === 10 ? `${value}T00:00` : String(value);
  return String(value);
}

// As it is shown while nobody types.
export function shownOf(field: Field, value: unknown, short: boolean): string {
  if (field.kind === 'date' && typeof value === 'string' && value !== '') return short ? shortDate(value) : dateText(value);
  if (field.kind !== 'number' || typeof value !== 'number') return draftOf(field, value);
  const digits = field.decimals === 2 && !Number.isInteger(value) ? 2 : 0;
  return value.toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: field.decimals ?? 10});
}

function parseNumber(field: Field & {kind: 'number'}, text: string): Parsed {
  const plain = text.replace(/[\s_']/gu, '').replace(/,(?=\d{3}(\D|$))/g, '').replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return {problem: 'That is no number.'};
  const scale = 10 ** (field.decimals ?? 10);
  const value = Math.round(Number(plain) * scale) / scale;
  if (value < field.min || value > field.max) {
    return {problem: `From ${field.min.toLocaleString('en')} to ${field.max.toLocaleString('en')}.`};
  }
  return {value: value + 0};
}

export function parseDraft(field: Field, draft: string): Parsed {
  if (draft === '' && field.nullable) return {value: null};
  switch (field.kind) {
    case 'number': return draft.trim() === '' ? {value: Math.min(Math.max(0, field.min), field.max)} : parseNumber(field, draft);
    case 'date': return dateShape.test(draft) ? {value: draft} : {problem: 'A date has a year of four digits, a month and a day.'};
    case 'string': {
      const text = draft.isWellFormed() ? draft : draft.toWellFormed();
      const length = [...text].length;
      return length <= field.maxLength ? {value: text} : {problem: `At most ${field.maxLength} characters; these are ${length}.`};
    }
    default: return {value: draft};
  }
}
