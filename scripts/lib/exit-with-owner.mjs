// Loaded into each app before its own code: if the process that started it is killed, the channel to it closes,
// and the app stops as if it had been asked to.
process.channel?.unref();
// It may come before the app listens, and to one that does not.
process.on('SIGHUP', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
