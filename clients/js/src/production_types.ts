// Types of segue:production/1. Written by `segue schema types`: do not edit.
import type {ListField, New, NumberField, ScalarField, TextField} from './client/fields.js';

export interface Source {
  readonly id: string;
  readonly name: string;
  readonly kind: 'laptop' | 'camera' | 'playback' | 'graphics' | 'audio' | 'remote' | 'other';
  readonly format: string;
  readonly input: string;
  readonly backup: string;
  readonly embedded_audio: boolean;
  readonly notes: string;
}

export interface SourceFields {
  readonly name: ScalarField<string>;
  readonly kind: ScalarField<Source['kind']>;
  readonly format: ScalarField<string>;
  readonly input: ScalarField<string>;
  readonly backup: ScalarField<string>;
  readonly embedded_audio: ScalarField<boolean>;
  readonly notes: TextField;
}

export interface Camera {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly position: string;
  readonly lens: string;
  readonly support: 'tripod' | 'handheld' | 'jib' | 'dolly' | 'slider' | 'robotic' | 'other';
  readonly operator: string;
  readonly source: string;
  readonly intercom: boolean;
  readonly notes: string;
}

export interface CameraFields {
  readonly name: ScalarField<string>;
  readonly model: ScalarField<string>;
  readonly position: ScalarField<string>;
  readonly lens: ScalarField<string>;
  readonly support: ScalarField<Camera['support']>;
  readonly operator: ScalarField<string>;
  readonly source: ScalarField<string>;
  readonly intercom: ScalarField<boolean>;
  readonly notes: TextField;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly phone: string;
  readonly email: string;
  readonly call: string | null;
  readonly confirmed: boolean;
  readonly day_rate: number;
  readonly notes: string;
}

export interface PersonFields {
  readonly name: ScalarField<string>;
  readonly role: ScalarField<string>;
  readonly phone: ScalarField<string>;
  readonly email: ScalarField<string>;
  readonly call: ScalarField<string | null>;
  readonly confirmed: ScalarField<boolean>;
  readonly day_rate: NumberField;
  readonly notes: TextField;
}

export interface Cue {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly time: string | null;
  readonly seconds: number;
  readonly status: 'planned' | 'rehearsed' | 'standby' | 'done' | 'cut';
  readonly camera: string | null;
  readonly source: string | null;
  readonly notes: string;
}

export interface CueFields {
  readonly number: NumberField;
  readonly title: ScalarField<string>;
  readonly time: ScalarField<string | null>;
  readonly seconds: NumberField;
  readonly status: ScalarField<Cue['status']>;
  readonly camera: ScalarField<string | null>;
  readonly source: ScalarField<string | null>;
  readonly notes: TextField;
}

export interface Production {
  readonly name: string;
  readonly client: string;
  readonly venue: string;
  readonly address: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly status: 'draft' | 'planned' | 'confirmed' | 'live' | 'wrapped' | 'cancelled';
  readonly attendance: number;
  readonly streamed: boolean;
  readonly budget: number;
  readonly notes: string;
  readonly sources: readonly Source[];
  readonly cameras: readonly Camera[];
  readonly crew: readonly Person[];
  readonly cues: readonly Cue[];
}

export interface ProductionFields {
  readonly name: ScalarField<string>;
  readonly client: ScalarField<string>;
  readonly venue: ScalarField<string>;
  readonly address: ScalarField<string>;
  readonly start: ScalarField<string | null>;
  readonly end: ScalarField<string | null>;
  readonly status: ScalarField<Production['status']>;
  readonly attendance: NumberField;
  readonly streamed: ScalarField<boolean>;
  readonly budget: NumberField;
  readonly notes: TextField;
  readonly sources: ListField<Source, SourceFields, New<Source>>;
  readonly cameras: ListField<Camera, CameraFields, New<Camera>>;
  readonly crew: ListField<Person, PersonFields, New<Person>>;
  readonly cues: ListField<Cue, CueFields, New<Cue>>;
}
