// Loaded into a process before its program: SIGUSR2 puts its wall clock an hour forward, and back again; SIGURG an hour back, and
// forward again. Nothing but a drill sends either (SIGPIPE comes of a socket whose other end is gone). Only what the program reads by
// `Date` steps, as it would on a machine whose clock was set.
const HOUR_MS = 3_600_000;
const RealDate = Date;
let offsetMs = 0;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget),
  apply: () => new RealDate(RealDate.now() + offsetMs).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? () => RealDate.now() + offsetMs : Reflect.get(target, key, receiver),
});

/** @param {number} stepMs */
const step = (stepMs) => () => {
  offsetMs = offsetMs === 0 ? stepMs : 0;
};
process.on('SIGUSR2', step(HOUR_MS));
process.on('SIGURG', step(-HOUR_MS));
