//! The parent's side: starts a worker for one file and reads its answer as rows.
//!
//! The worker is treated as hostile: it may die, hang, lie or flood; all of these become a sentence.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;

use crate::cell::{Cell, Row};
use crate::frames::{self, Frame};
use crate::limits;
use crate::refusal::{Header, Refused, RowProblem};
use crate::worker::{ORDER, Order};

/// Reads files by starting workers. Blocking: call it where blocking is allowed.
#[derive(Clone, Debug)]
pub struct Reader {
    command: Vec<OsString>,
    patience: Option<Duration>,
}

/// One line of data, good or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Row(Row),
    /// Not part of the table; the cells are kept for the file of refused rows.
    Refused {
        row: Row,
        problem: RowProblem,
    },
}

/// How many lines there were; known after the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub rows: u64,
    pub refused: u64,
}

/// A file that is being read: its header, then its lines one after the other. Dropping it ends the worker.
#[derive(Debug)]
pub struct Table {
    header: Header,
    worker: Worker,
    summary: Summary,
    progress: u64,
    bytes: u64,
    ended: bool,
}

impl Reader {
    /// `command`: program and arguments that run `worker::main`, for example `hawser worker`.
    pub fn new(command: Vec<OsString>) -> Self {
        Self { command, patience: None }
    }

    /// How long to wait for a worker's answers in sum, instead of twice the processor time that the file may take.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Opens the first visible sheet of a workbook, or a text file.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn open(&self, file: File) -> Result<Table, Refused> {
        self.open_sheet(file, None)
    }

    /// # Errors
    /// Why the file or this sheet cannot be read.
    pub fn open_sheet(&self, file: File, sheet: Option<&str>) -> Result<Table, Refused> {
        let about = file.metadata().map_err(|_| Refused::NotAFile)?;
        match (about.is_file(), about.len()) {
            (false, _) => return Err(Refused::NotAFile),
            (_, 0) => return Err(Refused::Empty),
            (_, bytes) if bytes > limits::FILE_BYTES => return Err(Refused::TooLarge),
            _ => {}
        }
        let order = Order { sheet: sheet.map(str::to_owned) };
        let mut worker = self.start(file, about.len(), &order)?;
        loop {
            match worker.next()? {
                Frame::Header(header) => {
                    let (summary, bytes) = (Summary::default(), about.len());
                    return Ok(Table { header, worker, summary, progress: 0, bytes, ended: false });
                }
                Frame::Progress(_) => {}
                Frame::Refused(refused) => return Err(refused),
                _ => return Err(Refused::Unsafe),
            }
        }
    }

    fn start(&self, file: File, bytes: u64, order: &Order) -> Result<Worker, Refused> {
        let [program, arguments @ ..] = self.command.as_slice() else { return Err(Refused::Unavailable) };
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env(ORDER, serde_json::to_string(order).map_err(|_| Refused::Unavailable)?)
            // The program's allocator would have reserved a gibibyte before the worker limits itself to half of that,
            // and the limit would not count what is taken from there.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .stdin(Stdio::from(file))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| Refused::Unavailable)?;
        let out = child.stdout.take().ok_or(Refused::Unavailable)?;
        // Twice the processor time: on a busy machine the worker gets only a part of a processor.
        let patience = self.patience.unwrap_or(Duration::from_secs(2 * limits::cpu_seconds(bytes)));
        Ok(Worker { child, out: BufReader::with_capacity(64 * 1024, Patient { out, patience }) })
    }
}

impl Table {
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Bytes read so far and bytes of the file.
    pub fn progress(&self) -> (u64, u64) {
        (self.progress.min(self.bytes), self.bytes)
    }

    /// What was read so far; complete after the last line.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    fn line(&mut self) -> Result<Option<Line>, Refused> {
        loop {
            match self.worker.next()? {
                Frame::Row { number, cells } => {
                    self.summary.rows += 1;
                    return self.within_limit(Line::Row(self.row(number, cells)));
                }
                Frame::RefusedRow { number, cells, problem } => {
                    self.summary.refused += 1;
                    return self.within_limit(Line::Refused { row: self.row(number, cells), problem });
                }
                Frame::Progress(bytes) => self.progress = bytes,
                Frame::Refused(refused) => return Err(refused),
                Frame::End(end) if (end.rows, end.refused) == (self.summary.rows, self.summary.refused) => {
                    return Ok(None);
                }
                Frame::End(_) | Frame::Header(_) => return Err(Refused::Unsafe),
            }
        }
    }

    fn row(&self, number: u64, cells: Vec<Cell>) -> Row {
        Row { number, cells, since_1904: self.header.since_1904 }
    }

    fn within_limit(&self, line: Line) -> Result<Option<Line>, Refused> {
        match self.summary.rows + self.summary.refused > limits::ROWS {
            true => Err(Refused::TooManyRows),
            false => Ok(Some(line)),
        }
    }
}

impl Iterator for Table {
    type Item = Result<Line, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let line = self.line().transpose();
        self.ended = !matches!(line, Some(Ok(_)));
        line
    }
}

#[derive(Debug)]
struct Worker {
    child: Child,
    out: BufReader<Patient>,
}

impl Worker {
    fn next(&mut self) -> Result<Frame, Refused> {
        frames::read(&mut self.out).map_err(|error| match error.kind() {
            ErrorKind::TimedOut => Refused::TooSlow,
            ErrorKind::UnexpectedEof => self.why_it_died(),
            _ => Refused::Unsafe,
        })
    }

    /// Called when its output has ended, so it is dead or about to be.
    fn why_it_died(&mut self) -> Refused {
        let _ = self.child.kill();
        match self.child.wait() {
            Ok(status) if status.signal() == Some(Signal::XCPU.as_raw()) => Refused::TooSlow,
            _ => Refused::Unsafe,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // An error means that it is gone already; waiting leaves no dead process behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the worker only so long in sum; the time that we take ourselves between rows does not count.
#[derive(Debug)]
struct Patient {
    out: ChildStdout,
    patience: Duration,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let since = Instant::now();
        let timeout = Timespec::try_from(self.patience).map_err(|_| ErrorKind::TimedOut)?;
        let ready = poll(&mut [PollFd::new(&self.out, PollFlags::IN)], Some(&timeout));
        self.patience = self.patience.saturating_sub(since.elapsed());
        match ready {
            Ok(0) => Err(ErrorKind::TimedOut.into()),
            Ok(_) => self.out.read(buffer),
            Err(rustix::io::Errno::INTR) => Err(ErrorKind::Interrupted.into()),
            Err(error) => Err(error.into()),
        }
    }
}
