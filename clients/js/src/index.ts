import {productionSchema} from './production.js';
import type {Production, ProductionFields} from './production_types.js';
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
export const production = recordType<Production, ProductionFields>(parseSchema(productionSchema));
export type * from './production_types.js';
export type {Person as ProductionPerson} from './production_types.js';  // `Person` is one of those who are here

export {Client, type ClientOptions, connect, type RejectedElsewhere} from './client/client.js';
export type {Change, Doc, DocEvents} from './client/doc.js';
export type {Explained} from './client/conflicts.js';
export type {ElementFields, ListField, New, NumberField, ScalarField, TextField} from './client/fields.js';
export type {Blamed, Diff, History, Version} from './client/history.js';
export type {TokenSource} from './client/http.js';
export type {HeldLease, Lease, Leases} from './client/leases.js';
export type {Status} from './client/link.js';
export type {Identity, People, Person, PersonPlace} from './client/people.js';
export type {Part, Whole} from './client/parts.js';
export {type TextChange, textChanges, textOpOf} from './client/positions.js';
export type {Rejected} from './client/refused.js';
export {RequestError} from './client/session.js';
export type {Snapshot} from './client/snapshots.js';
export {type EditStore, type KeptDoc, type KeptOp, openStore, type StoreOptions} from './client/store.js';
export type {SyncState} from './client/sync.js';
