import { EXIT, type ExitCode } from './exit-codes.ts';
import type { ErrorKey } from './messages/catalogue.ts';

/** Values for the arguments of an error's sentence. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/**
 * An error in the terminal's own terms; what the service itself reports is a `SyncError` of the client library. Its
 * sentence stands in the message catalogue under `errors.<key>`, its exit code in `EXIT_OF_ERROR`.
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly key: ErrorKey;
  readonly params: ErrorParams;

  constructor(key: ErrorKey, params: ErrorParams = {}, options?: ErrorOptions) {
    super(key, options);
    this.key = key;
    this.params = params;
  }
}

/** What the shell gets to see of each error. */
export const EXIT_OF_ERROR: Readonly<Record<ErrorKey, ExitCode>> = {
  unknownOption: EXIT.usage,
  unknownCommand: EXIT.usage,
  noCommand: EXIT.usage,
  missingArgument: EXIT.usage,
  optionMissingArgument: EXIT.usage,
  excessArguments: EXIT.usage,
  usage: EXIT.usage,
  invalidOptionValue: EXIT.usage,
  conflictingOptions: EXIT.usage,
  invalidServer: EXIT.usage,
  missingOption: EXIT.usage,
  subjectUnknown: EXIT.failure,
  subjectAmbiguous: EXIT.usage,
  mergeIntoItself: EXIT.usage,
  confirmationNeeded: EXIT.usage,
  notConfirmed: EXIT.interrupted,
  caseDiffers: EXIT.interrupted,
  invalidMoment: EXIT.usage,
  fileUnreadable: EXIT.failure,
  noLink: EXIT.usage,
  linkUnreadable: EXIT.usage,
  passwordsDiffer: EXIT.usage,
  joinNeedsSignIn: EXIT.denied,
  sessionToEnd: EXIT.usage,
  noServer: EXIT.denied,
  notSignedIn: EXIT.denied,
  wrongCredentials: EXIT.denied,
  signInRefused: EXIT.denied,
  wrongCode: EXIT.denied,
  deviceDenied: EXIT.denied,
  deviceExpired: EXIT.denied,
  noCode: EXIT.usage,
  tokenFileUnreadable: EXIT.failure,
  credentialsExposed: EXIT.failure,
  keyringUnreadable: EXIT.failure,
  leftInKeyring: EXIT.failure,
  noEmail: EXIT.usage,
  noPassword: EXIT.usage,
  serverUnreachable: EXIT.failure,
  serverUntrusted: EXIT.failure,
  notAServer: EXIT.failure,
  connectionLost: EXIT.failure,
  noNews: EXIT.failure,
  traceUnreadable: EXIT.failure,
  traceUnknown: EXIT.failure,
  traceNone: EXIT.failure,
  noWorkspace: EXIT.denied,
  workspaceAmbiguous: EXIT.usage,
  workspaceUnknown: EXIT.failure,
  configUnreadable: EXIT.failure,
  configUnwritable: EXIT.failure,
  targetNotFound: EXIT.failure,
  tooManyTargets: EXIT.usage,
  targetTooShort: EXIT.failure,
  targetAmbiguous: EXIT.failure,
  nothingToUndo: EXIT.failure,
  nothingToChange: EXIT.usage,
  fieldRefused: EXIT.usage,
  baseVersionNeedsOneRecord: EXIT.usage,
  tooManyRecords: EXIT.failure,
  assigneeUnknown: EXIT.failure,
  assigneeAmbiguous: EXIT.failure,
  assigneeNotEditing: EXIT.failure,
  invalidDuration: EXIT.usage,
  tooManyRecordsToLock: EXIT.failure,
  notLocked: EXIT.failure,
  lockNotYours: EXIT.denied,
  commandNotFound: EXIT.commandNotFound,
  commandNotRunnable: EXIT.commandNotRunnable,
  presenceUnknown: EXIT.failure,
  invalidConflictId: EXIT.usage,
  invalidFieldValue: EXIT.usage,
  resolutionMissing: EXIT.usage,
  notAdministrator: EXIT.denied,
  serverTooOld: EXIT.failure,
  auditDatabaseMissing: EXIT.usage,
  auditExportAlone: EXIT.usage,
  auditDatabaseUnreadable: EXIT.failure,
  auditKeyUnreadable: EXIT.failure,
  auditKeyUnknown: EXIT.usage,
  auditCheckpointsUnreadable: EXIT.failure,
  auditExportUnreadable: EXIT.failure,
  auditExportUnknown: EXIT.failure,
  auditExportCutOff: EXIT.failure,
  exportCutOff: EXIT.failure,
  exportUnwritable: EXIT.failure,
  interrupted: EXIT.interrupted,
  unexpected: EXIT.failure,
};
