//! How much a file may ask of us. The worker refuses what is above; the kernel stops what the worker misses.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Largest file, bytes.
pub const FILE_BYTES: u64 = 200 * 1024 * 1024;
pub const COLUMNS: usize = 500;
/// What Excel allows in one cell.
pub const CELL_CHARS: usize = 32_767;
pub const ROWS: u64 = 2_000_000;
/// One row of the answer, bytes; a row above this is refused with its cells cut.
pub const FRAME_BYTES: usize = 8 * 1024 * 1024;

/// Parts in a workbook's archive.
pub const PARTS: usize = 2_000;
/// Inflated size of one part, bytes. A sheet of a million rows and thirty columns has about 1 GiB and is streamed.
pub const PART_BYTES: u64 = 1536 * 1024 * 1024;
/// Inflated size of all parts, bytes.
pub const INFLATED_BYTES: u64 = 2048 * 1024 * 1024;
/// Inflated to compressed; office programs stay far below, deflate itself ends at 1,032.
pub const RATIO: u64 = 250;
/// A part smaller than this may be as repetitive as it likes, bytes.
pub const RATIO_FROM_BYTES: u64 = 8 * 1024 * 1024;

const MEMORY_BYTES: u64 = 512 * 1024 * 1024;
const OPEN_FILES: u64 = 16;

/// Processor time for a file of this size: 30 s, more for large files, never more than 120 s.
pub fn cpu_seconds(file_bytes: u64) -> u64 {
    (30 + file_bytes * 90 / FILE_BYTES).min(120)
}

/// Limits this process for good. Called before the file is touched.
///
/// # Errors
/// When the kernel refuses; then nothing may be read.
pub(crate) fn limit_this_process(file_bytes: u64) -> rustix::io::Result<()> {
    // The soft limit ends the process with a signal of its own; at the hard limit it would be a plain kill.
    let cpu = cpu_seconds(file_bytes);
    setrlimit(Resource::Cpu, Rlimit { current: Some(cpu), maximum: Some(cpu + 2) })?;
    let limits =
        [(Resource::As, MEMORY_BYTES), (Resource::Nofile, OPEN_FILES), (Resource::Fsize, 0), (Resource::Core, 0)];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    // No death signal: it follows the thread that started us, not the process, and threads of a pool come and go.
    // Without its parent the worker ends at its next write.
    Ok(())
}
