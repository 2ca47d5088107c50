import type { DownMessage, UpMessage } from '@meldesync/protocol';

/** What the document says of a message beside its schema. */
interface Described {
  readonly says: string;
  /** The rules of PROTOCOL.md that it is about, by which more is found. */
  readonly rules: readonly string[];
}

/** A message of a client, with what a node answers; empty when nothing is. */
interface DescribedUp extends Described {
  readonly answers: readonly DownMessage['type'][];
}

/** A message of a node. `isAnswer` when it only ever answers a message of the client. */
interface DescribedDown extends Described {
  readonly isAnswer: boolean;
}

/** Everything a client may send, by its `type`. */
export const UP_MESSAGES: { readonly [Type in UpMessage['type']]: DescribedUp } = {
  hello: {
    says: 'First message of every connection: which workspace the client follows, and who it is.',
    answers: ['welcome', 'error'],
    rules: ['P4', 'P5', 'P51'],
  },
  subscribe: {
    says: 'Asks for every frame after a cursor, then for live ones.',
    answers: ['subscribed', 'reset', 'error'],
    rules: ['P13', 'P14', 'P15'],
  },
  edit: {
    says: 'Edits of one or more records in one transaction, each made on the version that the person saw.',
    answers: ['edited', 'error'],
    rules: ['P16', 'P27', 'P28', 'P65'],
  },
  lock: {
    says: 'Asks for a lock on all of the records, or none.',
    answers: ['lock-granted', 'lock-held', 'error'],
    rules: ['P29', 'P31', 'P32'],
  },
  unlock: { says: 'Gives a lock back.', answers: ['unlocked', 'error'], rules: ['P29'] },
  attend: { says: 'Says which records the person has open.', answers: [], rules: ['P33'] },
  diverged: {
    says: 'The records of the client do not add up to the checksum of the feed; it takes a snapshot.',
    answers: [],
    rules: ['P37', 'P45'],
  },
  ping: { says: 'Heartbeat of the client, every 3 s.', answers: ['pong'], rules: ['P21', 'P22'] },
  report: { says: 'What the client saw, where the server has asked for it.', answers: [], rules: ['P50'] },
};

/** Everything a node may send, by its `type`. */
export const DOWN_MESSAGES: { readonly [Type in DownMessage['type']]: DescribedDown } = {
  welcome: {
    says: 'Who the node takes the client for, and which epoch the feed has.',
    isAnswer: true,
    rules: ['P4', 'P48', 'P50'],
  },
  subscribed: { says: 'The cursor was accepted; frames from after it follow.', isAnswer: true, rules: ['P13'] },
  frames: {
    says: 'Consecutive frames of the feed: what was missed, then every change as it is committed.',
    isAnswer: false,
    rules: ['P7', 'P8', 'P9', 'P10', 'P34'],
  },
  range: {
    says: 'Stands for frames that are too much to push; the client pulls them over HTTP.',
    isAnswer: false,
    rules: ['P40', 'P41', 'P42'],
  },
  reset: {
    says: 'The cursor cannot be continued: the client takes a snapshot. It may come at any time after `subscribe`.',
    isAnswer: false,
    rules: ['P14'],
  },
  edited: {
    says: 'What became of each item of an edit, after the commit.',
    isAnswer: true,
    rules: ['P17', 'P27'],
  },
  'lock-granted': { says: 'The lock was granted.', isAnswer: true, rules: ['P29'] },
  'lock-held': { says: 'Somebody else is editing; nothing was locked.', isAnswer: true, rules: ['P29'] },
  unlocked: { says: 'The lock is free.', isAnswer: true, rules: ['P29'] },
  locks: {
    says: 'The locks of the workspace: all of them before the first live frame, then what changes.',
    isAnswer: false,
    rules: ['P30'],
  },
  presence: { says: 'Who is in the workspace, and what they have open.', isAnswer: false, rules: ['P33'] },
  tier: { says: 'How far apart frames come from now on.', isAnswer: false, rules: ['P34', 'P35'] },
  behind: {
    says: 'Frames were left out; the client subscribes again with its cursor.',
    isAnswer: false,
    rules: ['P26', 'P52'],
  },
  freshness: { says: 'How old what the node sends may be.', isAnswer: false, rules: ['P49', 'P52'] },
  import: { says: 'Where an import of the workspace stands.', isAnswer: false, rules: ['P23'] },
  administration: {
    says: 'People or workspaces were administered; a client that shows them asks again over HTTP.',
    isAnswer: false,
    rules: ['P53'],
  },
  role: { says: 'What the person may do from now on.', isAnswer: false, rules: ['P55'] },
  pong: { says: 'Answer to a heartbeat.', isAnswer: true, rules: ['P21', 'P22'] },
  error: { says: 'A message was refused; the connection lives on.', isAnswer: false, rules: ['P25', 'P44'] },
};
