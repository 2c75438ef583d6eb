import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { commandLine } from './command-line.js';
import { play } from './play.js';
import { noRecording, RecordingError, recordingIn } from './protocol/recording.js';
import { progressBar } from './report/progress.js';
import { jsonReport, plainReport } from './report/report.js';

const FAILED = 1;
const BAD_ARGUMENTS = 2;

try {
  const { settings, isJson, recordIn } = commandLine(process.argv.slice(2));
  const report = await play(settings, {
    now: () => performance.now(),
    wait: async (milliseconds) => wait(milliseconds),
    freshGuid: randomUUID,
    progress: progressBar(process.stderr),
    recording: recordIn === undefined ? noRecording : recordingIn(recordIn),
  });
  process.stdout.write(`${isJson ? jsonReport(report) : plainReport(report)}\n`);
  if (report.total.failed > 0) process.exitCode = FAILED;
} catch (error) {
  if (error instanceof RecordingError) process.stderr.write(`${error.message}\n`);
  else if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : BAD_ARGUMENTS;
}
