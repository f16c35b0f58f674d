/** Writes what happens to the console of the container. */

type Level = 'debug' | 'info' | 'warn' | 'error';

function write(level: Level, message: string, details: any[]): void {
  const line = `${new Date().toISOString()} ${level.toUpperCase()} ${message}`;
  if (level === 'error' || level === 'warn') {
    console.error(line, ...details);
  } else {
    console.log(line, ...details);
  }
}

export const logger = {
  debug: (message: string, ...details: unknown[]): void => write('debug', message, details),
  info: (message: string, ...details: unknown[]): void => write('info', message, details),
  warn: (message: string, ...details: unknown[]): void => write('warn', message, details),
  error: (message: string, ...details: unknown[]): void => write('error', message, details),
};
