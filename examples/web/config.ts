/** Settings of the front end's server, from the environment. */

export interface Config {
  port: number;
  databaseUrl: string;
  gateSecret: string;
  sessionToken: string;
  publicUrl: string;
  holdMinutes: number;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const config: Config = {
  port: parseInt(process.env.ROOMS_WEB_PORT || '8080', 10),
  databaseUrl: required('ROOMS_DATABASE_URL'),
  gateSecret: process.env.ROOMS_GATE_SECRET || '',
  sessionToken: process.env.ROOMS_SESSION_TOKEN ?? 'rehearsal',
  publicUrl: process.env.ROOMS_PUBLIC_URL ?? 'http://localhost:8080',
  holdMinutes: Number(process.env.ROOMS_HOLD_MINUTES),
};
