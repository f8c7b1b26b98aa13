// What a record type refuses. The codes are Segue's and ShareDB's: spec/protocol.md.

export type ErrorCode =
  | 'ERR_OT_OP_BADLY_FORMED'
  | 'ERR_OT_OP_NOT_APPLIED'
  | 'ERR_MESSAGE_TOO_LARGE'
  | 'ERR_BAD_STRING'
  | 'ERR_TOO_COSTLY'
  | 'ERR_BAD_SCHEMA';

export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

// Refuses `path`, which breaks `rule`.
export function malformed(path: string, rule: string): RecordError {
  return new RecordError('ERR_OT_OP_BADLY_FORMED', path === '' ? rule : `${path}: ${rule}`);
}

export function badString(path: string): RecordError {
  return new RecordError('ERR_BAD_STRING', `${path}: must not hold a lone surrogate`);
}

export function notApplied(message: string): RecordError {
  return new RecordError('ERR_OT_OP_NOT_APPLIED', message);
}

// Does `step` with `path` put in front of what its error says.
export function within<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new RecordError(error.code, `${path}: ${error.message}`);
  }
}
