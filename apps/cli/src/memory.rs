//! The limit of `--memory`: resident memory of the process, as Linux reports it.
//!
//! `VmRSS` of `/proc/self/status` is in kilobytes whatever the size of a page is, which
//! `/proc/self/statm` is not. Read at most every [`PAUSE`], for the rule is asked very often.
//!
//! **Source:** proc(5).

use ordine_base::{Progress, StopReason, StopWhen};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const STATUS: &str = "/proc/self/status";
const PAUSE: Duration = Duration::from_millis(20);

/// Stops when the process holds this much memory.
#[derive(Debug)]
pub struct MemoryLimit {
    bytes: u64,
    /// Milliseconds of the run at which memory is looked at again.
    next_ms: AtomicU64,
}

impl MemoryLimit {
    /// A limit in bytes.
    ///
    /// # Errors
    /// Where the system does not say how much memory a process holds.
    pub fn new(bytes: u64) -> Result<Self, String> {
        match resident() {
            Some(_) => Ok(MemoryLimit { bytes, next_ms: AtomicU64::new(0) }),
            None => Err(format!(
                "--memory: expected a system that tells memory in {STATUS}, found none; leave \
                 the option out"
            )),
        }
    }
}

impl StopWhen for MemoryLimit {
    fn reached(&self, progress: &Progress<'_>) -> Option<StopReason> {
        let now_ms = u64::try_from(progress.elapsed.as_millis()).unwrap_or(u64::MAX);
        if now_ms < self.next_ms.load(Ordering::Relaxed) {
            return None;
        }
        self.next_ms.store(now_ms + PAUSE.as_millis() as u64, Ordering::Relaxed);
        (resident()? >= self.bytes).then_some(StopReason::Memory)
    }
}

/// Resident memory in bytes.
fn resident() -> Option<u64> {
    parse(&std::fs::read_to_string(STATUS).ok()?)
}

fn parse(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_found_among_the_lines() {
        assert_eq!(parse("Name:\tordine\nVmRSS:\t    2048 kB\nThreads:\t1\n"), Some(2 << 20));
        assert_eq!(parse("Name:\tordine\n"), None);
    }
}
