//! Ctrl-C: the first ends the search, the second the program.
//!
//! **Source:** -

use crate::exit::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a program that a second Ctrl-C ended, as shells expect it.
const KILLED: i32 = 130;

/// A flag that Ctrl-C raises. Call it once.
///
/// # Errors
/// When the system does not let us listen.
pub fn listen() -> Result<Arc<AtomicBool>, Failure> {
    let raised = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&raised);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(KILLED);
        }
    };
    match ctrlc::set_handler(handler) {
        Ok(()) => Ok(raised),
        Err(error) => Err(Failure::Inside(format!("cannot listen to Ctrl-C: {error}"))),
    }
}
