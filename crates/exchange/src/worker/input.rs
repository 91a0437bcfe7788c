use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::rc::Rc;

/// The file at a place of its own: the descriptor is shared with the parent, so its offset must not be used.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    file: Rc<File>,
    length: u64,
    at: u64,
    /// Furthest place read, shared by all clones, for the progress bar.
    furthest: Rc<Cell<u64>>,
}

impl Input {
    pub fn new(file: File, length: u64) -> Self {
        Self { file: Rc::new(file), length, at: 0, furthest: Rc::default() }
    }

    /// The same file from its start.
    pub fn again(&self) -> Self {
        Self { at: 0, ..self.clone() }
    }

    pub fn furthest(&self) -> u64 {
        self.furthest.get()
    }

    /// Progress begins anew when the file is read a second time.
    pub fn forget_progress(&self) {
        self.furthest.set(0);
    }

    pub fn first_bytes(&self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.again().take(count as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        self.furthest.set(self.furthest.get().max(self.at));
        Ok(count)
    }
}

impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
