#!/usr/bin/env node
import { start } from './cli';

void start(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  environment: process.env,
}).then((status) => {
  process.exitCode = status;
});
