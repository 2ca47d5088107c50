import type { Messages } from '../catalogue.ts';

export const edit: Messages['edit'] = {
  caseId: 'Case id',
  done: 'Done',
  assignee: 'Assignee',
  note: 'Note',
  editField: {
    caseId: 'Edit case id: {row}',
    assignee: 'Change assignee: {row}',
    note: 'Edit note: {row}',
  },
  placeholder: {
    note: 'Add a note',
  },
  differing: {
    note: 'G and C have different notes. You see and change both in the side panel.',
  },
  saveHint: 'Enter saves, Esc discards.',
  pending: 'being saved',
  doneNotAllowed: 'Only a complete case can be marked done (G and C, or C without sequencing).',
  doneUnreadable: 'A case with an unreadable record cannot be marked done.',
  nobody: 'Nobody',
  me: '{name} (you)',
  searchPeople: 'Find a person',
  noPeople: 'Nobody found',
  lockedBy: '{name} is editing this case right now.',
  rejectedTitle: 'Not saved',
  rejectedCount: '{count, plural, one {Concerns # record.} other {Concerns # records.}}',
  yes: 'yes',
  no: 'no',
};
