let controller: AbortController | undefined;

/**
 * A signal that Ctrl-C or the end of a job aborts. From the first call on, the program has the time to stop
 * in order; a second Ctrl-C ends it at once.
 */
export function interruption(): AbortSignal {
  if (controller === undefined) {
    const made = new AbortController();
    controller = made;
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => made.abort());
    }
  }
  return controller.signal;
}
