import type { Surroundings } from './commands/command';

const PATIENCE_MS = 1_000;

export interface Progress {
  /** What is being done now, such as `verifying: 12 of 1000 checks`. */
  readonly tell: (text: string) => void;
  readonly stop: () => void;
}

/** Shows what is being done on standard error, where that is a terminal and it takes longer than a second. */
export function progress({ terminal, environment }: Surroundings): Progress {
  if (terminal === undefined || (environment.CI ?? '') !== '') {
    return { tell: () => undefined, stop: () => undefined };
  }
  let text = '';
  let isOver = false;
  let spinner: { text: string; start: () => unknown; stop: () => unknown } | undefined;
  const begin = async (): Promise<void> => {
    const { default: yoctoSpinner } = await import('yocto-spinner');
    if (!isOver) {
      spinner = yoctoSpinner({ text, stream: terminal, handleSignals: false });
      spinner.start();
    }
  };
  const timer = setTimeout(() => void begin(), PATIENCE_MS);
  timer.unref();
  return {
    tell: (now) => {
      text = now;
      if (spinner !== undefined) {
        spinner.text = now;
      }
    },
    stop: () => {
      isOver = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
