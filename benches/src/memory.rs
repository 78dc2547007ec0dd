//! Peak memory of the process, as Linux reports it.
//!
//! **Source:** proc(5): `VmHWM` of `/proc/self/status`, in kilobytes whatever the size of a page.

/// Most bytes that the process has held at a time; `None` where the system does not say.
pub(crate) fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}
