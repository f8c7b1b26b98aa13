import {productionSchema} from './production.js';
import {recordType} from './record_type.js';
import {parseSchema} from './schema.js';

export {RecordError, type ErrorCode} from './error.js';
export type {Finding, Verdict} from './explain.js';
export type {Field, Scalar} from './field.js';
export type {Json, JsonObject} from './json.js';
export type {Add, Component, Edit, Increment, Move, Op, Remove, Set} from './op.js';
export type {Place} from './presence.js';
export {recordType, type OpInput, type RecordType} from './record_type.js';
export {parseSchema, type List, type Schema} from './schema.js';
export type {Side, TextDelete, TextOp, TextPart} from './text.js';

// The type of spec/schemas/production.json.
export const production = recordType(parseSchema(productionSchema));
