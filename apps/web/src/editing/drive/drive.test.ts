import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Drive, type DriveEvent, drivenOn, isCommand, UNTOUCHED } from './drive.ts';

const after = (...events: readonly DriveEvent[]): Drive => events.reduce(drivenOn, UNTOUCHED);

describe('what a letter means', () => {
  it('changes nothing before someone has come to the list', () => {
    expect(isCommand(UNTOUCHED, 'change')).toBe(false);
    expect(isCommand(UNTOUCHED, 'go')).toBe(true);
    expect(isCommand(after('arrive'), 'change')).toBe(true);
  });

  it('changes nothing after a press, however the focus came to a cell, until keys lead through the list', () => {
    expect(isCommand(after('walk', 'press'), 'change')).toBe(false);
    expect(isCommand(after('walk', 'press', 'arrive'), 'change')).toBe(false);
    expect(isCommand(after('press', 'walk'), 'change')).toBe(true);
  });

  it('a sign is a command after a press, but not in the middle of words', () => {
    expect(isCommand(after('press'), 'sign')).toBe(true);
    expect(isCommand(after('press', 'type'), 'sign')).toBe(false);
    expect(isCommand(after('press', 'type', 'rest'), 'sign')).toBe(true);
    expect(isCommand(after('press', 'type', 'press'), 'sign')).toBe(true);
  });

  it('a field gives back what was before it, with the presses made meanwhile', () => {
    expect(after('walk', 'open', 'leave')).toEqual(after('walk'));
    expect(after('walk', 'open', 'press', 'leave')).toEqual(after('press'));
    expect(after('press', 'open', 'arrive', 'leave')).toEqual(after('press'));
  });

  it('a field that goes away by itself leaves no commands behind', () => {
    expect(isCommand(after('walk', 'open', 'lose'), 'change')).toBe(false);
    expect(isCommand(after('walk', 'lose'), 'sign')).toBe(false);
    expect(isCommand(after('walk', 'lose', 'walk'), 'change')).toBe(true);
  });

  it('as long as any field is open, nothing is a command', () => {
    const moved = fc.constantFrom<DriveEvent>('press', 'walk', 'arrive', 'type', 'rest');
    const fields = fc.constantFrom<DriveEvent>('open', 'leave', 'lose');
    fc.assert(
      fc.property(fc.array(fc.oneof(moved, fields)), (events) => {
        let open = 0;
        let drive = UNTOUCHED;
        for (const event of events) {
          if (open === 0 && event === 'leave') continue;
          if (event === 'open') open++;
          else if (event === 'leave' || event === 'lose') open = Math.max(0, open - 1);
          drive = drivenOn(drive, event);
          expect(drive.by === 'field').toBe(open > 0);
          if (open > 0)
            for (const command of ['change', 'go', 'sign'] as const) expect(isCommand(drive, command)).toBe(false);
        }
      }),
    );
  });

  it('a change is a command only where, since the last press, keys led through the list', () => {
    const events = fc.array(fc.constantFrom<DriveEvent>('press', 'walk', 'arrive', 'type', 'rest', 'open', 'leave'));
    fc.assert(
      fc.property(events, (done) => {
        const sincePress = done.slice(done.lastIndexOf('press') + 1);
        if (!done.includes('press') || !isCommand(after(...done), 'change')) return;
        expect(sincePress).toContain('walk');
      }),
    );
  });
});
